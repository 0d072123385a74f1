import type { As, Graph, Value } from '#lib/graph/index.ts';
import { doc } from './block-docs.ts';
import { affine } from './layers.ts';

/** What a head's tensor is called: after a layer, or after the ReLU behind it; undefined leaves it without a name. */
export type HeadNames = (part: 'layers' | 'relu', layer: number) => As | undefined;

/** Layers in a detector's head: the last has no ReLU behind it. */
const LAYERS = 3;

/**
 * An MLP of three layers with ReLUs between them, `[…, D]` to `[…, out]`, as detectors read boxes off a query (Carion et al.
 * 2020, section 3.2). Its weights `name.layers.0.weight` and so on are made once, however many tensors it reads.
 */
export function headMlp(
  g: Graph,
  name: string,
  dim: number,
  out: { readonly size: number; readonly dim: string },
): (x: Value, as?: HeadNames) => Value {
  const layers = Array.from({ length: LAYERS }, (_, n) => {
    const { size, dim: outDim } = n === LAYERS - 1 ? out : { size: dim, dim: 'D' };
    return {
      weight: g.initializer(`${name}.layers.${n}.weight`, [size, dim], [outDim, 'D']),
      bias: g.initializer(`${name}.layers.${n}.bias`, [size], [outDim]),
    };
  });
  return (x, as) =>
    layers.reduce((from, { weight, bias }, n) => {
      const made = affine(g, from, weight, bias, as?.('layers', n));
      return n === LAYERS - 1 ? made : g.relu(made, as?.('relu', n));
    }, x);
}

/** What a head reads: boxes, or classes. */
const HEADS = {
  boxes: { en: 'Box head', zh: '边界框预测头', module: 'bbox_embed' },
  classes: { en: 'Class head', zh: '类别预测头', module: 'class_embed' },
} as const;

/** Names with docs for the tensors of a head called `bbox_embed` or `class_embed`. */
export function headNames(which: keyof typeof HEADS, part: 'layers' | 'relu', n: number) {
  const { en, zh, module } = HEADS[which];
  const before = n === 0 ? '\\hat y' : `r_{${n - 1}}`;
  const of =
    part === 'layers'
      ? doc(
          `${en}, layer ${n}`,
          `${zh}的第 ${n} 个线性层`,
          `${before}\\,W_{${n}}^\\top + b_{${n}}`,
          `layers_${n} = ${module}.layers[${n}](${n === 0 ? 'hidden' : 'x'})`,
        )
      : doc(
          `${en}, layer ${n} after ReLU`,
          `${zh}第 ${n} 层经过 ReLU`,
          `r_{${n}} = \\max(\\cdot, 0)`,
          `x = F.relu(layers_${n})`,
        );
  return { name: `${module}.${part}.${n}`, doc: of };
}
