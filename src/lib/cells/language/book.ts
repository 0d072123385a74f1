import type { Text } from '#lib/base/lang.ts';
import { nearest } from '#lib/base/nearest.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import { MOST_VALUES } from '../messages.ts';
import { compileCell, type CompiledCell } from './compile.ts';
import type { CellFault } from './faults.ts';
import { isAbsent, isGlobal, isReach, REACH } from './globals.ts';
import { parseCell, type NamePlace, type ParsedCell } from './parse.ts';

export interface CellText {
  readonly id: string;
  readonly code: string;
}

/** One cell among the others: what it names and needs, and what keeps it from running. */
export interface ReadCell {
  readonly id: string;
  readonly cell?: ParsedCell;
  readonly compiled?: CompiledCell;
  readonly fault?: CellFault;
  /** Ids of the cells whose names it reads. */
  readonly needs: readonly string[];
}

/** Tensors of the page, as far as the reading of cells needs them; undefined: not known yet. */
export type TensorNames = readonly { readonly name: string; readonly shape: readonly number[] }[] | undefined;

/**
 * Reads all cells of a notebook together: who names what, names given twice, circles, names that nobody gives, tensors
 * that are not there. One fault a cell: the first that keeps it from running.
 */
export function readBook(cells: readonly CellText[], tensors: TensorNames): ReadCell[] {
  const parsed = cells.map(({ id, code }) => ({ id, ...parse(code) }));
  const owners = new Map<string, string[]>();
  for (const { id, cell } of parsed)
    for (const { name } of cell?.names ?? []) owners.set(name, [...(owners.get(name) ?? []), id]);
  const read = parsed.map(({ id, cell, fault }): ReadCell => {
    if (!cell) return { id, needs: [], ...(fault && { fault }) };
    const needs = [...new Set(cell.reads.flatMap(({ name }) => owners.get(name) ?? []))].filter(
      (n) => n !== id,
    );
    const wrong = doubleOf(cell, owners) ?? strangerOf(cell, owners, tensors) ?? tensorFault(cell, tensors);
    const compiled = compileCell(cell, (name) => owners.has(name) || isReach(name));
    return { id, cell, compiled, needs, ...(wrong && { fault: wrong }) };
  });
  const circles = circlesOf(read);
  return read.map((one) => {
    const circle = circles.get(one.id);
    return one.fault || !circle ? one : { ...one, fault: circleFault(one, circle, read) };
  });
}

const seen = new Map<string, ReturnType<typeof parseCell>>();
/** Cells are read at every keystroke, and all but one are what they were. */
function parse(code: string): ReturnType<typeof parseCell> {
  const known = seen.get(code) ?? parseCell(code);
  if (seen.size > 500) seen.clear();
  seen.set(code, known);
  return known;
}

function doubleOf(cell: ParsedCell, owners: ReadonlyMap<string, readonly string[]>): CellFault | undefined {
  const taken = cell.names.find(({ name }) => isReach(name));
  if (taken)
    return {
      kind: 'double',
      line: taken.line,
      column: taken.column,
      text: {
        en: `“${taken.name}” is the name of something that every cell can reach. Give this value another name.`,
        zh: `“${taken.name}”是每个单元都能用的东西的名字。请给这个值换个名字。`,
      },
    };
  const double = cell.names.find(({ name }) => (owners.get(name)?.length ?? 0) > 1);
  return (
    double && {
      kind: 'double',
      line: double.line,
      column: double.column,
      text: {
        en: `“${double.name}” is defined in more than one cell, so nobody can say which is meant. Give one of them another name.`,
        zh: `有不止一个单元定义了“${double.name}”，因此无法确定指的是哪一个。请给其中一个换个名字。`,
      },
    }
  );
}

function strangerOf(
  cell: ParsedCell,
  owners: ReadonlyMap<string, unknown>,
  tensors: TensorNames,
): CellFault | undefined {
  const stranger = cell.reads.find(({ name }) => !owners.has(name) && !isReach(name) && !isGlobal(name));
  if (!stranger) return undefined;
  const { name, line, column } = stranger;
  if (isAbsent(name))
    return {
      kind: 'refused',
      line,
      column,
      text: {
        en: `A cell has no “${name}”: it runs apart from the page, without network, storage or document. What it can reach is offered as you type; Ctrl and Space open the list.`,
        zh: `单元里没有“${name}”：单元与页面隔离运行，没有网络、存储和文档。能用的名字会在输入时列出来，按 Ctrl 加空格也能打开列表。`,
      },
    };
  const call = `tensor('${name}')`;
  if (tensors?.some((tensor) => tensor.name === name))
    return {
      kind: 'name',
      line,
      column,
      nearest: [call],
      text: {
        en: `No cell defines “${name}”. The tensor of that name is ${call}.`,
        zh: `没有单元定义“${name}”。叫这个名字的张量要写成 ${call}。`,
      },
    };
  const meant = nearest(name, [...owners.keys(), ...REACH]);
  return {
    kind: 'name',
    line,
    column,
    ...(meant !== undefined && { nearest: [meant] }),
    text: {
      en: `No cell defines “${name}”.`,
      zh: `没有单元定义“${name}”。`,
    },
  };
}

/** Names nearest to a mistyped tensor's, three at the most. */
export function nearestTensors(name: string, names: readonly string[]): string[] {
  const found: string[] = [];
  for (let i = 0; i < 3; i++) {
    const next = nearest(
      name,
      names.filter((other) => !found.includes(other)),
    );
    if (next === undefined) break;
    found.push(next);
  }
  return found;
}

/** The sentence about a tensor that is not there. */
export function missingTensor(
  name: string,
  names: readonly string[],
  place?: Omit<NamePlace, 'name'>,
): CellFault {
  const offered = nearestTensors(name, names);
  return {
    kind: 'tensor',
    ...(place && { line: place.line, column: place.column }),
    ...(offered.length > 0 && { nearest: offered }),
    text: {
      en: `There is no tensor “${name}” here.`,
      zh: `这里没有名为“${name}”的张量。`,
    },
  };
}

function tensorFault(cell: ParsedCell, tensors: TensorNames): CellFault | undefined {
  if (!tensors) return undefined;
  const known = new Map(tensors.map(({ name, shape }) => [name, shape]));
  const whole = (name: string) => name.replace(/\[\d+\]$/, '');
  for (const place of cell.tensors) {
    const shape = known.get(whole(place.name));
    if (!shape) return missingTensor(place.name, [...known.keys()], place);
    if (known.has(place.name) && sizeOf(shape) > MOST_VALUES)
      return { kind: 'refused', line: place.line, column: place.column, text: tooLarge(place.name, shape) };
  }
  return undefined;
}

/** What is said of a tensor that is too large to be handed over whole. */
export function tooLarge(name: string, shape: readonly number[]): Text {
  const [size, most] = [sizeOf(shape).toExponential(1), MOST_VALUES / 1e6];
  return {
    en: `“${name}” has the shape [${shape.join(', ')}], ${size} values; a cell is handed ${most} million at the most. Ask for a part: tensor('${name}[0]') is index 0 of its first dimension.`,
    zh: `“${name}”的形状是 [${shape.join(', ')}]，共 ${size} 个数值；一个单元一次最多能拿到 ${most} 百万个。请只取一部分：tensor('${name}[0]') 是第一维的第 0 项。`,
  };
}

/** The circle that each cell is part of, as ids in the order of need. */
function circlesOf(cells: readonly ReadCell[]): Map<string, string[]> {
  const needs = new Map(cells.map((cell) => [cell.id, cell.needs]));
  const circles = new Map<string, string[]>();
  for (const { id } of cells) {
    const way = wayBack(id, needs);
    if (way) circles.set(id, way);
  }
  return circles;
}

/** The shortest way from a cell over what it needs back to itself. */
function wayBack(start: string, needs: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const queue: string[][] = [[start]];
  const been = new Set<string>();
  for (let way = queue.shift(); way; way = queue.shift()) {
    for (const next of needs.get(way.at(-1) ?? start) ?? []) {
      if (next === start) return way;
      if (been.has(next)) continue;
      been.add(next);
      queue.push([...way, next]);
    }
  }
  return undefined;
}

function circleFault(of: ReadCell, circle: readonly string[], cells: readonly ReadCell[]): CellFault {
  const by = new Map(cells.map((cell) => [cell.id, cell.cell]));
  const link = (from: string, to: string) =>
    by.get(to)?.names.find(({ name }) => by.get(from)?.reads.some((read) => read.name === name))?.name ?? '…';
  const names = circle.map((id, i) => link(id, circle[(i + 1) % circle.length] ?? id));
  const way = [names.at(-1), ...names].join(' → ');
  const first = of.cell?.reads.find(({ name }) => name === names[0]);
  return {
    kind: 'circle',
    ...(first && { line: first.line, column: first.column }),
    text: {
      en: `These cells wait for each other in a circle: ${way}. None of them can be first.`,
      zh: `这些单元互相等待，成了一个环：${way}。没有哪个可以先算。`,
    },
  };
}
