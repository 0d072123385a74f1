import { blocksOf } from '#lib/graph/blocks.ts';
import type { Graph, OutlineEdge, OutlineNode } from '#lib/graph/index.ts';
import { outline } from '#lib/graph/outline.ts';

/** A tensor on the way, with the copies that stand with it. */
export interface Station extends OutlineNode {
  /** Names of tensors that are copies of it, or that it is a copy of. */
  readonly also: readonly string[];
}

/** Several tensors that stand together: a block, or what comes before, between and after the blocks. */
export interface Group {
  /** The block's name; `stem`, `head`, or the name of the first tensor between two blocks. */
  readonly id: string;
  readonly kind: 'stem' | 'block' | 'between' | 'head';
  /** In the order of computation. */
  readonly stations: readonly Station[];
  /** Names of the tensors of a block that lie on its residual stream, in order. */
  readonly spine: readonly string[];
}

/** A model's way from what it is fed to its answer. */
export interface Way {
  /** In the order of computation. */
  readonly groups: readonly Group[];
  readonly edges: readonly OutlineEdge[];
  /** Connections from a block to a later one that is not the next, by block ids. */
  readonly longSkips: readonly { readonly from: string; readonly to: string; readonly edge: OutlineEdge }[];
}

/**
 * Of a tensor and its copy one is drawn. The original goes where nobody else reads it: what reads on knows the copy's
 * name. Otherwise the copy goes.
 * @returns by the name that goes the name that stays
 */
function copies(nodes: readonly OutlineNode[], edges: readonly OutlineEdge[]): ReadonlyMap<string, string> {
  const stands = new Map<string, string>();
  for (const node of nodes) {
    const reads = edges.filter((e) => e.to === node.name);
    if (node.ops.join() !== 'Identity' || reads.length !== 1) continue;
    const original = reads[0]!.from;
    const readers = edges.filter((e) => e.from === original).length;
    if (readers === 1) stands.set(original, node.name);
    else stands.set(node.name, original);
  }
  return stands;
}

/** The way with every copy drawn in with its original. */
function folded(graph: Graph, without: (name: string) => boolean) {
  const whole = outline(graph, { without });
  const stands = copies(whole.nodes, whole.edges);
  const stayOf = (name: string): string => {
    const next = stands.get(name);
    return next === undefined ? name : stayOf(next);
  };
  const gone = new Map<string, OutlineNode[]>();
  for (const node of whole.nodes) {
    const stay = stayOf(node.name);
    if (stay !== node.name) gone.set(stay, [...(gone.get(stay) ?? []), node]);
  }
  const stations = whole.nodes.flatMap((node): Station[] => {
    if (stands.has(node.name)) return [];
    const taken = gone.get(node.name) ?? [];
    const earlier = taken.filter((t) => t.rank < node.rank);
    return [
      {
        ...node,
        ops: [...earlier.flatMap((t) => t.ops), ...node.ops].filter((op) => op !== 'Identity'),
        weights: [...earlier.flatMap((t) => t.weights), ...node.weights],
        also: taken.map((t) => t.name),
      },
    ];
  });
  const edges = new Map<string, OutlineEdge>();
  for (const e of whole.edges) {
    const [from, to] = [stayOf(e.from), stayOf(e.to)];
    if (from !== to) edges.set(`${from} ${to}`, { from, to, skip: e.skip });
  }
  return { stations, edges: [...edges.values()] };
}

/** Tensors of a block on its residual stream: sums with a shortcut, what a shortcut leaves from, and what leads straight into those. */
function spineOf(
  names: readonly string[],
  stations: ReadonlyMap<string, Station>,
  edges: readonly OutlineEdge[],
) {
  const inside = new Set(names);
  const spine = new Set<string>();
  for (const e of edges) {
    if (!inside.has(e.to) || !e.skip || !stations.get(e.to)?.ops.includes('Add')) continue;
    const same = stations.get(e.from)?.value.shape.join() === stations.get(e.to)?.value.shape.join();
    if (!same) continue;
    spine.add(e.to);
    if (inside.has(e.from)) spine.add(e.from);
  }
  for (const name of names) {
    const readers = edges.filter((e) => e.from === name).map((e) => e.to);
    const entered = edges.some((e) => e.to === name && (!inside.has(e.from) || spine.has(e.from)));
    if (entered && readers.length > 0 && readers.every((r) => spine.has(r))) spine.add(name);
  }
  return names.filter((name) => spine.has(name));
}

/**
 * The way through a graph: its named tensors in groups, read from names and operations alone. A block is one whose
 * tensors hold a sum with a shortcut around what is added.
 * @param without inputs that are left out (those of interventions)
 */
export function wayOf(graph: Graph, without: (name: string) => boolean = () => false): Way {
  const { stations, edges } = folded(graph, without);
  const byName = new Map(stations.map((s) => [s.name, s]));
  const blocks = blocksOf(byName.keys());
  const members = new Map<string, string[]>();
  for (const name of byName.keys()) {
    const block = blocks.get(name);
    if (block !== undefined) members.set(block, [...(members.get(block) ?? []), name]);
  }
  const spines = new Map([...members].map(([block, names]) => [block, spineOf(names, byName, edges)]));
  const isBlock = (name: string) => (spines.get(blocks.get(name) ?? '') ?? []).length > 0;

  const groups: { id: string; kind: Group['kind']; names: string[] }[] = [];
  for (const name of byName.keys()) {
    const last = groups.at(-1);
    if (isBlock(name)) {
      const id = blocks.get(name)!;
      if (last?.id === id) last.names.push(name);
      else groups.push({ id, kind: 'block', names: [name] });
    } else if (last && last.kind !== 'block') last.names.push(name);
    else
      groups.push(
        last ? { id: name, kind: 'between', names: [name] } : { id: 'stem', kind: 'stem', names: [name] },
      );
  }
  const end = groups.at(-1);
  if (end?.kind === 'between') Object.assign(end, { id: 'head', kind: 'head' });

  const order = new Map(groups.filter((g) => g.kind === 'block').map((g, i) => [g.id, i]));
  const placeOf = (name: string) => order.get(blocks.get(name) ?? '');
  const longSkips = edges.flatMap((edge) => {
    const [from, to] = [placeOf(edge.from), placeOf(edge.to)];
    if (from === undefined || to === undefined || to <= from + 1) return [];
    return [{ from: blocks.get(edge.from)!, to: blocks.get(edge.to)!, edge }];
  });
  return {
    groups: groups.map(({ id, kind, names }) => ({
      id,
      kind,
      stations: names.map((n) => byName.get(n)!),
      spine: kind === 'block' ? (spines.get(id) ?? []) : [],
    })),
    edges,
    longSkips,
  };
}
