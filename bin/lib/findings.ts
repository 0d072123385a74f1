import { detectionsOf } from '#lib/analysis/detection/detections.ts';
import { familyOf, type Blueprint } from '#lib/models/registry.ts';

/** An object that a detector has found. */
export interface Finding {
  readonly query: number;
  /** The class's id, or its index where the model has no names. */
  readonly class: string;
  /** What it is called in English. */
  readonly name: string;
  readonly p: number;
  /** Shares of the picture as the network saw it. */
  readonly box: { readonly cx: number; readonly cy: number; readonly w: number; readonly h: number };
}

/** From this probability on a query's answer is said to a reader. */
const SURE = 0.5;

/** What each query of a detector says, the surest first; undefined for a model that detects nothing. */
export function foundIn(
  { architecture, config }: Blueprint,
  tensors: ReadonlyMap<string, Float32Array>,
  labels: readonly string[],
  names: readonly string[],
): Finding[] | undefined {
  const answer = familyOf(architecture).answer(config);
  if (answer.kind !== 'detections') return undefined;
  const [probs, boxes] = [answer.probs, answer.boxes].map((name) => tensors.get(name) ?? new Float32Array());
  if (!probs || !boxes) return undefined;
  return detectionsOf(probs, boxes, answer.classes, 0).map(({ query, label, score, box }) => ({
    query,
    class: labels[label] ?? String(label),
    name: names[label] ?? labels[label] ?? String(label),
    p: score,
    box,
  }));
}

/** A probability and what it is of. */
export const shareLine = (p: number, what: string): string =>
  `  ${(100 * p).toFixed(1).padStart(5)} %  ${what}`;

/** The objects found, a line each, with centre and sides of the box in hundredths of the picture. */
export function findingLines(found: readonly Finding[]): string[] {
  const sure = found.filter(({ p }) => p >= SURE);
  const [first] = found;
  if (sure.length === 0 && first)
    return [`  no object at ${100 * SURE} % or more; the surest:`, findingLine(first, 0)];
  const width = Math.max(...sure.map((one) => one.name.length));
  return sure.map((one) => findingLine(one, width));
}

function findingLine({ p, name, query, box }: Finding, width: number): string {
  const [cx, cy, w, h] = [box.cx, box.cy, box.w, box.h].map((share) => `${(100 * share).toFixed(1)} %`);
  return `${shareLine(p, name.padEnd(width))}  centre ${cx} across, ${cy} down; ${w} wide, ${h} high; query ${query}`;
}
