import type { Graph, Value } from '#lib/graph/index.ts';
import { batchNorm } from '../shared/convolution.ts';
import { MAXPOOL_DOC, resnetDocs, ROOT_DOCS } from './resnet-docs.ts';

/** A ResNet of bottlenecks: how many each stage has, and the channels of the first convolution. */
export interface Bottlenecks {
  readonly blocks: readonly number[];
  readonly width: number;
}

/** Where torchvision's modules lie in the published checkpoints. */
const BODY = 'backbone.0.body';
const MAP = ['B', 'C', 'H', 'W'];
/** Channels outside of a bottleneck, as a multiple of those inside. */
const EXPANSION = 4;
/** ε of the batch norms. */
const NORM_EPS = 1e-5;

interface Unit {
  readonly conv: string;
  readonly norm: string;
  readonly out: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly docs: {
    readonly conv: Parameters<Graph['identity']>[1];
    readonly norm: Parameters<Graph['identity']>[1];
  };
}

/** A convolution without bias and the frozen batch norm behind it: an affine map by channel. */
function unit(g: Graph, x: Value, { conv, norm, out, kernel, stride = 1, docs }: Unit): Value {
  const weight = g.initializer(
    `${conv}.weight`,
    [out, x.shape[1] ?? 1, kernel, kernel],
    ['D', 'C', 'k', 'k'],
  );
  const edge = (kernel - 1) / 2;
  const convolved = g.conv(x, weight, undefined, { stride, pads: [edge, edge, edge, edge] }, docs.conv);
  return batchNorm(g, convolved, norm, NORM_EPS, docs.norm);
}

/** A bottleneck (He et al. 2016, figure 5): 1 × 1 to fewer channels, 3 × 3, 1 × 1 to four times as many; a shortcut around. */
function bottleneck(
  g: Graph,
  x: Value,
  name: string,
  width: number,
  stride: number,
  stage: number,
  block: number,
): Value {
  const docs = resnetDocs(stage, block);
  const of = (n: 1 | 2 | 3, input: Value, out: number, kernel: number, step = 1) =>
    unit(g, input, {
      conv: `${name}.conv${n}`,
      norm: `${name}.bn${n}`,
      out,
      kernel,
      stride: step,
      docs: {
        conv: { name: `${name}.conv${n}`, dims: MAP, doc: docs.conv(n) },
        norm: { name: `${name}.bn${n}`, doc: docs.norm(n) },
      },
    });
  const narrow = g.relu(of(1, x, width, 1), { name: `${name}.relu1`, doc: docs.relu(1) });
  const seen = g.relu(of(2, narrow, width, 3, stride), { name: `${name}.relu2`, doc: docs.relu(2) });
  const wide = of(3, seen, EXPANSION * width, 1);
  const changes = stride !== 1 || x.shape[1] !== EXPANSION * width;
  const shortcut = changes
    ? unit(g, x, {
        conv: `${name}.downsample.0`,
        norm: `${name}.downsample.1`,
        out: EXPANSION * width,
        kernel: 1,
        stride,
        docs: {
          conv: { dims: MAP },
          norm: { name: `${name}.downsample`, doc: docs.downsample },
        },
      })
    : x;
  return g.relu(g.add(wide, shortcut), { name, doc: docs.output });
}

/**
 * The body of a ResNet of bottlenecks, `[B, C, H, W]` to the last stage's map `[B, F, H/32, W/32]`, with frozen batch norms,
 * under the names of torchvision in DETR's checkpoints. Source: He et al. 2016; Carion et al. 2020, section 4.
 */
export function resnet(g: Graph, x: Value, { blocks, width }: Bottlenecks): Value {
  const root = unit(g, x, {
    conv: `${BODY}.conv1`,
    norm: `${BODY}.bn1`,
    out: width,
    kernel: 7,
    stride: 2,
    docs: {
      conv: { name: `${BODY}.conv1`, dims: MAP, doc: ROOT_DOCS.conv },
      norm: { name: `${BODY}.bn1`, doc: ROOT_DOCS.norm },
    },
  });
  const act = g.relu(root, { name: `${BODY}.relu`, doc: ROOT_DOCS.relu });
  let map = g.maxPool(act, 3, 2, { name: `${BODY}.maxpool`, doc: MAXPOOL_DOC }, [1, 1, 1, 1]);
  blocks.forEach((count, stage) => {
    for (let block = 0; block < count; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      map = bottleneck(
        g,
        map,
        `${BODY}.layer${stage + 1}.${block}`,
        width * 2 ** stage,
        stride,
        stage + 1,
        block,
      );
    }
  });
  return map;
}
