import type { Outline } from './outline.ts';

/** A numbered block within a numbered stage, a word between them, and what follows: `layers.0.blocks.1.norm1`. */
const STAGED = /^((.+?\.\d+)\.[a-z_]+\.\d+)\.[a-z]/;
/** The same, with or without what follows. */
const INNER = /^.+?\.\d+\.[a-z_]+\.\d+(?=\.|$)/;
/** A numbered block within a named part, or one further in: `visual.blocks.3.norm1`, `transformer.decoder.layers.3.norm1`. */
const TOWER = /^([a-z_]+)(?:\.[a-z_]+)+\.\d+\.[a-z]/;

/**
 * The block that each of these tensors belongs to, read from the names alone: `blocks.3.attn.q` and `blocks.3` to
 * `blocks.3`, `mid_block.norm1` to `mid_block`. A block is the part of a name up to its first number, if something
 * follows it in some name; else a tensor whose name others continue; else a first part that several names share. What stands alone has none.
 * A numbered part that holds numbered blocks of its own is a stage, and no block: `layers.0.blocks.1.attn.q` belongs to
 * `layers.0.blocks.1`. A first part that holds numbered blocks is a tower, and no block either: `visual.norm` stands alone
 * beside `visual.blocks.3`.
 */
export function blocksOf(names: Iterable<string>): Map<string, string> {
  const all = [...names];
  const known = new Set(all);
  const towers = new Set(all.flatMap((name) => TOWER.exec(name)?.[1] ?? []));
  const shared = new Map<string, number>();
  for (const name of all) {
    const at = name.indexOf('.');
    if (at > 0 && !towers.has(name.slice(0, at)))
      shared.set(name.slice(0, at), (shared.get(name.slice(0, at)) ?? 0) + 1);
  }
  const numbered = new Set(all.flatMap((name) => /^(.+?\.\d+)\./.exec(name)?.[1] ?? []));
  const staged = new Map(
    all.flatMap((name) => {
      const [, block, stage] = STAGED.exec(name) ?? [];
      return block === undefined || stage === undefined ? [] : [[block, stage] as const];
    }),
  );
  const stages = new Set(staged.values());
  const blocks = new Map<string, string>();
  for (const name of all) {
    const parts = name.split('.');
    const stage = /^.+?\.\d+(?=\.)/.exec(name)?.[0];
    if (stage !== undefined && stages.has(stage)) {
      const inner = INNER.exec(name)?.[0];
      const named = continued(parts, stage.split('.').length + 1, known);
      const own = inner !== undefined && staged.has(inner) ? inner : named;
      if (own !== undefined) blocks.set(name, own);
      continue;
    }
    const block =
      ownBlock(parts, known, numbered) ?? ((shared.get(parts[0]!) ?? 0) > 1 ? parts[0]! : undefined);
    if (block !== undefined) blocks.set(name, block);
  }
  // A tensor that gives a block its name is its result.
  for (const block of new Set(blocks.values())) if (known.has(block)) blocks.set(block, block);
  return blocks;
}

function ownBlock(
  parts: readonly string[],
  known: ReadonlySet<string>,
  numbered: ReadonlySet<string>,
): string | undefined {
  const number = parts.findIndex((p) => /^\d+$/.test(p));
  const upTo = parts.slice(0, number + 1).join('.');
  if (number > 0 && numbered.has(upTo)) return upTo;
  return continued(parts, 1, known);
}

/** The first tensor whose name this one goes on from, of those with at least so many parts. */
function continued(parts: readonly string[], least: number, known: ReadonlySet<string>): string | undefined {
  for (let n = least; n < parts.length; n++) {
    const prefix = parts.slice(0, n).join('.');
    if (known.has(prefix)) return prefix;
  }
  return undefined;
}

/** A box of the folded graph: a whole block, or one tensor that is in none. */
export interface FoldedBox {
  /** The block's name or the tensor's. */
  readonly name: string;
  /** The tensors inside, in the order of computation; one for a tensor that stands alone. */
  readonly members: readonly string[];
  readonly block: boolean;
}

export interface FoldedEdge {
  readonly from: string;
  readonly to: string;
  /** Another way leads from `from` to `to` as well: a long skip. */
  readonly skip: boolean;
}

export interface Folded {
  /** In the order in which their first tensors are computed. */
  readonly boxes: readonly FoldedBox[];
  readonly edges: readonly FoldedEdge[];
}

/** A graph with every block folded into one box; edges inside a block are left out, parallel ones counted once. */
export function fold(outline: Outline, blocks: ReadonlyMap<string, string>): Folded {
  const boxOf = (name: string) => blocks.get(name) ?? name;
  const members = new Map<string, string[]>();
  for (const { name } of outline.nodes) {
    const box = boxOf(name);
    members.set(box, [...(members.get(box) ?? []), name]);
  }
  const pairs = new Map<string, { from: string; to: string }>();
  for (const e of outline.edges) {
    const from = boxOf(e.from);
    const to = boxOf(e.to);
    if (from !== to) pairs.set(`${from}\n${to}`, { from, to });
  }
  const next = new Map<string, Set<string>>();
  for (const { from, to } of pairs.values()) next.set(from, (next.get(from) ?? new Set()).add(to));
  const reaches = (from: string, to: string): boolean => {
    const seen = new Set<string>();
    const queue = [...(next.get(from) ?? [])].filter((n) => n !== to);
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (at === to) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      queue.push(...(next.get(at) ?? []));
    }
    return false;
  };
  const names = new Set(outline.nodes.map((n) => n.name));
  return {
    boxes: [...members].map(([name, list]) => ({
      name,
      members: list,
      block: list.length > 1 || !names.has(name),
    })),
    edges: [...pairs.values()].map((p) => ({ ...p, skip: reaches(p.from, p.to) })),
  };
}
