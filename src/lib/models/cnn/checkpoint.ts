import { fileOf, type WeightSource } from '#lib/weights/source.ts';
import type { Checkpoint, Inferred } from '../family.ts';
import { checkFit, landmarksIn, prefixBefore, withoutPrefix } from '../shared/bind.ts';
import { completed, Shapes } from '../shared/infer.ts';
import type { CnnConfig } from './config.ts';
import { cnn } from './graph.ts';

/** A tensor that every such file has. */
const LANDMARK = 'whiten.weight';
/** Counters of PyTorch's batch normalisation, which say how long it was trained. */
const COUNTER = /\.num_batches_tracked$/;

function recogniseCnn(source: WeightSource): number {
  return landmarksIn(source, [LANDMARK, 'body.0.0.2.running_mean', 'head.weight']);
}

/**
 * The configuration of bare weights under the names of the PyTorch modules.
 * @throws WeightsError for shapes that tell too little
 */
function inferCnn(source: WeightSource, set: Readonly<Record<string, unknown>>): Inferred<CnnConfig> {
  const shapes = new Shapes(source, LANDMARK);
  const read = {
    channels: shapes.kernel(LANDMARK).channels,
    width: shapes.of('body.0.0.0.weight', 4)[0]!,
    classes: shapes.of('head.weight', 2)[0]!,
  };
  return completed<CnnConfig>(read, set, {
    image: { value: 32, why: 'the pictures of CIFAR-10; the weights fit any side' },
  });
}

/** @throws WeightsError as `checkFit` */
function bindCnn(source: WeightSource, config: CnnConfig): WeightSource {
  const bound = withoutPrefix(source, prefixBefore(source.names(), LANDMARK) ?? '');
  checkFit(bound, cnn(config), { at: fileOf(source), needless: (name) => COUNTER.test(name) });
  return bound;
}

/** How weights files of the network are read. */
export const CHECKPOINT: Checkpoint<CnnConfig> = {
  landmarks: [LANDMARK],
  recognise: recogniseCnn,
  infer: inferCnn,
  bind: bindCnn,
};
