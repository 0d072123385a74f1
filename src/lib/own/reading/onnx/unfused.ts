import type { Text } from '#lib/base/lang.ts';
import { Beside } from './beside.ts';
import type { OnnxGraph, OnnxNode, OnnxValue } from './graph.ts';

/** A graph with what is computed beside its fused attentions. */
export interface Unfused {
  /** With the values `…/q`, `…/k`, `…/scores` and `…/probs` of each that was unfused. */
  readonly graph: OnnxGraph;
  /** What follows the file's own message; undefined where nothing was unfused. */
  readonly message: Uint8Array | undefined;
  /** By the fused node: the value of its probabilities `[B, h, T, T]`, or why they are not told. */
  readonly found: ReadonlyMap<OnnxNode, string | Text>;
}

/** Queries `[B, h, T, d]` and keys `[B, h, d, T]`, in float32, what is added to the scores, and their factor. */
interface Parts {
  readonly q: string;
  readonly k: string;
  readonly added: readonly string[];
  /** Undefined: 1/√d. */
  readonly scale: number | undefined;
}

interface Told {
  shape(name: string | undefined): OnnxValue['shape'];
  /** Element type, as far as the file or the node that gives it tells; else empty. */
  type(name: string): string;
}
type Rule = (b: Beside, node: OnnxNode, told: Told) => Parts;

/** Why an attention stays fused. */
class Stays extends Error {
  readonly why: Text;
  constructor(en: string, zh: string) {
    super(en);
    this.why = { en, zh };
  }
}

/** Newest form of Slice, whose bounds are inputs, is from this set of operators on. */
const OLDEST = 10;

const FORMS: Readonly<Record<string, Rule>> = {
  'com.microsoft.Attention': packed,
  'com.microsoft.MultiHeadAttention': multiHead,
  Attention: standard,
};

/**
 * Computes beside every fused attention of a graph what it keeps inside: softmax(scale · Q·Kᵀ + mask), from the inputs of
 * the fused node, in float32. The node itself stays, so that the answer is the file's own. Known are ONNX's `Attention`
 * (operators 23 and 24) and ONNX Runtime's `Attention` and `MultiHeadAttention` (its ContribOperators.md), without a cache
 * of keys, causal masks, or rotary positions inside.
 */
export function unfuse(graph: OnnxGraph, isFused: (op: string) => boolean): Unfused {
  const b = new Beside(graph);
  const told = toldBy(graph);
  const found = new Map<OnnxNode, string | Text>();
  for (const node of graph.nodes) {
    if (!isFused(node.op)) continue;
    try {
      found.set(node, probsOf(b, graph, node, told));
    } catch (error) {
      if (!(error instanceof Stays)) throw error;
      found.set(node, error.why);
    }
  }
  return { graph: b.extended(), message: b.message(), found };
}

/** Operators that give yes and no. */
const BOOLEAN = /^(Equal|Less|LessOrEqual|Greater|GreaterOrEqual|Not|And|Or|Xor|IsNaN|IsInf)$/;
/** `bool` among the element types. */
const BOOL = 9;

function toldBy({ values, nodes }: OnnxGraph): Told {
  const known = new Map(values.map((value) => [value.name, value]));
  return {
    shape: (name) => known.get(name ?? '')?.shape,
    type: (name) => {
      const value = known.get(name);
      if (value?.type) return value.type;
      const { op = '', whole } = nodes[value?.node ?? -1] ?? {};
      if (BOOLEAN.test(op)) return 'bool';
      return op === 'Cast' ? (whole?.to === BOOL ? 'bool' : 'number') : '';
    },
  };
}

function probsOf(b: Beside, { opsets }: OnnxGraph, node: OnnxNode, told: Told): string {
  const form = FORMS[node.op];
  const [output] = node.outputs;
  if (!form || output === undefined) throw new Stays('its form is not known here', '这里不认识这种形式');
  if ((opsets['ai.onnx'] ?? 0) < OLDEST)
    throw new Stays(`its graph is older than operators ${OLDEST}`, `计算图早于第 ${OLDEST} 版算子`);
  const { q, k, added, scale } = form(b, node, told);
  const name = (part: string) => `${output}/${part}`;
  b.node('Identity', [q], {}, name('q'));
  b.node('Identity', [k], {}, name('k'));
  const products = b.node('MatMul', [name('q'), name('k')]);
  const scaled =
    scale === undefined
      ? b.node('Div', [products, b.node('Sqrt', [headWidth(b, q)])])
      : b.node('Mul', [products, b.float(scale)]);
  b.node('Identity', [added.reduce((sum, more) => b.node('Add', [sum, more]), scaled)], {}, name('scores'));
  b.node('Softmax', [name('scores')], { axis: 3 }, name('probs'));
  b.show('Transpose', node.slots.slice(0, 1), name('q'));
  b.show('Transpose', node.slots.slice(0, 2), name('k'));
  b.show('MatMul', [name('q'), name('k')], name('scores'));
  b.show('Softmax', [name('scores')], name('probs'));
  return name('probs');
}

/** d of `[B, h, T, d]`, a scalar. */
function headWidth(b: Beside, q: string): string {
  return b.asFloat(b.node('Gather', [b.node('Shape', [q]), b.ints(3)], { axis: 0 }));
}

/** `[B, T, h·d]` as `[B, h, T, d]`, of keys `[B, h, d, T]`. */
function intoHeads(b: Beside, x: string, heads: number, axes: readonly number[]): string {
  return b.node('Transpose', [b.node('Reshape', [x, b.ints([0, 0, heads, -1])])], { perm: axes });
}
const QUERIES = [0, 2, 1, 3];
const KEYS = [0, 2, 3, 1];

const slice = (b: Beside, x: string, axis: number, from: number, to: number) =>
  b.node('Slice', [x, b.ints([from]), b.ints([to]), b.ints([axis])]);

const part = (b: Beside, x: string, axis: number, index: number) =>
  b.node('Gather', [x, b.ints(index)], { axis });

function headsOf({ whole }: OnnxNode, attribute = 'num_heads'): number {
  const heads = whole[attribute] ?? 0;
  if (heads < 1) throw new Stays('it does not say how many heads it has', '它没有写明有几个头');
  return heads;
}

/** @throws Stays for what is kept from step to step, for masks of what comes later, and for rotary positions inside */
function plain({ whole, slots }: OnnxNode, past: readonly number[]): void {
  if (past.some((at) => slots[at]))
    throw new Stays('it keeps keys from step to step', '它逐步缓存键（KV cache）');
  if (whole.unidirectional || whole.is_causal)
    throw new Stays('it has a causal mask inside', '它内含因果掩码');
  if (whole.do_rotary) throw new Stays('it turns queries and keys inside', '它内含旋转位置编码');
}

/** Numbers of 1 where a key may be seen and 0 where not, `[B, T]`: what is added to the scores. */
function masked(b: Beside, mask: string, shape: OnnxValue['shape'], filter: number): string {
  if (shape?.length !== 2)
    throw new Stays('its mask is of another form than [batch, tokens]', '它的掩码不是 [批, 词元] 的形式');
  const row = b.node('Reshape', [b.asFloat(mask), b.ints([0, 1, 1, -1])]);
  return b.node('Mul', [b.node('Sub', [b.float(1), row]), b.float(filter)]);
}

/** What hidden scores become where the file says nothing. */
const HIDDEN = -10_000;

/** ONNX Runtime's `Attention`: input `[B, T, D]`, weights of query, key and value side by side, bias, mask. */
function packed(b: Beside, node: OnnxNode, told: Told): Parts {
  plain(node, [4]);
  const [x = '', weights = '', bias, mask, , more] = node.slots;
  const heads = headsOf(node);
  const columns = told.shape(weights)?.[1];
  const width = node.lists.qkv_hidden_sizes?.[0] ?? (typeof columns === 'number' ? columns / 3 : 0);
  if (width < 1) throw new Stays('the shape of its weights is not written down', '它的权重没有写明形状');
  const product = b.node('MatMul', [x, weights]);
  const all = b.asFloat(bias ? b.node('Add', [product, bias]) : product);
  return {
    q: intoHeads(b, slice(b, all, 2, 0, width), heads, QUERIES),
    k: intoHeads(b, slice(b, all, 2, width, 2 * width), heads, KEYS),
    added: [
      ...(mask ? [masked(b, mask, told.shape(mask), node.parts.mask_filter_value ?? HIDDEN)] : []),
      ...(more ? [b.asFloat(more)] : []),
    ],
    scale: node.parts.scale || undefined,
  };
}

/** ONNX Runtime's `MultiHeadAttention`: queries, keys and values after their projections, apart or packed. */
function multiHead(b: Beside, node: OnnxNode, told: Told): Parts {
  plain(node, [6, 7]);
  const [query = '', key, value, bias, mask, more] = node.slots;
  const heads = headsOf(node);
  if (bias && !(key && value)) throw new Stays('it has a bias for packed keys', '它给打包在一起的键加偏置');
  const biased = (x: string, third: number) => {
    if (!bias) return b.asFloat(x);
    const [all] = told.shape(bias) ?? [];
    const last = told.shape(query)?.at(-1);
    const width = typeof last === 'number' ? last : typeof all === 'number' ? all / 3 : 0;
    if (width < 1) throw new Stays('the shape of its bias is not written down', '它的偏置没有写明形状');
    return b.asFloat(b.node('Add', [x, slice(b, bias, 0, third * width, (third + 1) * width)]));
  };
  const queries = key
    ? intoHeads(b, biased(query, 0), heads, QUERIES)
    : b.node('Transpose', [b.asFloat(part(b, query, 3, 0))], { perm: QUERIES });
  const keys = (): string => {
    const turned = (x: string, perm: readonly number[]) => b.node('Transpose', [b.asFloat(x)], { perm });
    if (!key) return turned(part(b, query, 3, 1), KEYS);
    if (!value) return turned(part(b, key, 3, 0), KEYS);
    // Of a cross-attention the keys may come with their heads apart, `[B, h, L, d]`.
    if (told.shape(key)?.length === 4) return turned(key, [0, 1, 3, 2]);
    return intoHeads(b, biased(key, 1), heads, KEYS);
  };
  return {
    q: queries,
    k: keys(),
    added: [
      ...(mask ? [masked(b, mask, told.shape(mask), node.parts.mask_filter_value ?? HIDDEN)] : []),
      ...(more ? [b.asFloat(more)] : []),
    ],
    scale: node.parts.scale || undefined,
  };
}

/** A score that no softmax sees. */
const NEVER = -1e30;

/** ONNX's own `Attention`: heads apart, `[B, h, T, d]`, or side by side, `[B, T, h·d]`, and then their number is said. */
function standard(b: Beside, node: OnnxNode, told: Told): Parts {
  plain(node, [4, 5, 6]);
  const [query = '', key = '', , mask] = node.slots;
  const heads = node.whole.q_num_heads ?? 0;
  const apart = (of: string) => (told.shape(of)?.length === 4 ? told.shape(of)?.[1] : undefined);
  if ((node.whole.kv_num_heads ?? heads) !== heads || apart(query) !== apart(key))
    throw new Stays('several of its queries share a key', '它的几个查询头共用一个键头');
  if (node.parts.softcap) throw new Stays('it bends its scores (softcap)', '它弯曲注意力分数（softcap）');
  const added = (): string[] => {
    if (!mask) return [];
    const type = told.type(mask);
    if (type === '') throw new Stays('the type of its mask is not written down', '它的掩码没有写明类型');
    if (type !== 'bool') return [b.asFloat(mask)];
    return [b.node('Mul', [b.node('Sub', [b.float(1), b.asFloat(mask)]), b.float(NEVER)])];
  };
  const [q, k] = [b.asFloat(query), b.asFloat(key)];
  return {
    q: heads > 0 ? intoHeads(b, q, heads, QUERIES) : q,
    k: heads > 0 ? intoHeads(b, k, heads, KEYS) : b.node('Transpose', [k], { perm: [0, 1, 3, 2] }),
    added: added(),
    scale: node.parts.scale || undefined,
  };
}
