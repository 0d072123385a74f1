import type { HungarianMove } from '#lib/analysis/detection/hungarian.ts';
import { formatFixed } from '#lib/base/format.ts';
import type { Text } from '#lib/base/lang.ts';
import type { MatchProblem, Pair } from './matching-problem.ts';

/** What a step of the method did. */
interface Said {
  /** The step in a word or two. */
  readonly title: Text;
  /** What was done, and why. */
  readonly text: Text;
}

const NAMES = {
  objects: { en: 'object', zh: '物体' },
  queries: { en: 'query', zh: '查询' },
} as const;
const MANY = { objects: 'objects', queries: 'queries' } as const;

/**
 * A step in words.
 * @param numbers of the objects, as the page has them
 */
export function stepWords(problem: MatchProblem, move: HungarianMove, numbers: readonly number[]): Said {
  const own = problem.rows;
  const other = own === 'objects' ? 'queries' : 'objects';
  const [row, column] = [NAMES[own], NAMES[other]];
  const pair = ({ row: r, column: c }: { readonly row: number; readonly column: number }): Pair =>
    own === 'objects' ? { query: c, object: r } : { query: r, object: c };
  const cell = (at: { readonly row: number; readonly column: number }): Text => {
    const { query, object } = pair(at);
    const number = numbers[object] ?? object;
    return { en: `query ${query} and object ${number}`, zh: `查询 ${query} 与物体 ${number}` };
  };
  switch (move.kind) {
    case 'rows':
      return {
        title: { en: 'Take off the least', zh: '减去最小值' },
        text: {
          en: `From all costs of each ${row.en} its least is taken off. Every ${row.en} gets exactly one partner, so each total falls by the same amount, and which matching is the best stays as it was. A 0 now marks the cheapest ${column.en} of each ${row.en}.`,
          zh: `每个${row.zh}的各项成本都减去其中最小的一项。每个${row.zh}恰好配一个${column.zh}，所以任何一种匹配的总成本都减少同样多，最优的匹配不变。现在，每个${row.zh}成本最低的${column.zh}处是 0。`,
        },
      };
    case 'columns':
      return {
        title: { en: 'And of the others', zh: '另一方也减去最小值' },
        text: {
          en: `There are as many ${MANY.objects} as ${MANY.queries}, so each ${column.en} gets exactly one partner, too, and its least may be taken off as well.`,
          zh: `物体与查询一样多，每个${column.zh}也恰好配一个${row.zh}，所以同样可以减去最小的一项。`,
        },
      };
    case 'star':
      return {
        title: { en: 'First pairs', zh: '最初的配对' },
        text: {
          en: `Zeros get a star where neither their ${row.en} nor their ${column.en} has one. Stars are pairs. Two ${MANY[own]} with the same cheapest ${column.en} cannot both have it: one of them stays alone for now.`,
          zh: `若一个 0 所在的${row.zh}和${column.zh}都还没有星号，就给它一个星号，星号表示配对。两个${row.zh}成本最低的${column.zh}若是同一个，不能都得到它，其中一个暂时没有配对。`,
        },
      };
    case 'cover':
      return {
        title: { en: 'Draw lines', zh: '画线' },
        text: {
          en: `A line is drawn through each ${column.en} that has a star. What lies under no line is free.`,
          zh: `在每个有星号的${column.zh}上画一条线。没有线经过的单元是自由的。`,
        },
      };
    case 'prime': {
      const [at, star] = [cell(move.at), cell(move.star)];
      return {
        title: { en: 'A zero that is free', zh: '一个自由的 0' },
        text: {
          en: `At ${at.en} a zero is free and gets a prime. But its ${row.en} has a star already, at ${star.en}. If it moved here, its old partner would be free for somebody else, so the line goes from that ${column.en} to this ${row.en}.`,
          zh: `${at.zh}处有一个自由的 0，给它一个撇号。但它的${row.zh}已经有星号，在${star.zh}处。如果改配到这里，原来的${column.zh}就能让给别的${row.zh}，所以把那个${column.zh}上的线移到这个${row.zh}上。`,
        },
      };
    }
    case 'augment':
      return {
        title: { en: 'One pair more', zh: '多出一对' },
        text:
          move.path.length === 1
            ? {
                en: `At ${cell(move.path[0] ?? { row: 0, column: 0 }).en} a zero is free, and its ${row.en} has no partner yet. It becomes a star.`,
                zh: `${cell(move.path[0] ?? { row: 0, column: 0 }).zh}处有一个自由的 0，而它的${row.zh}还没有配对，它就成为星号。`,
              }
            : {
                en: `The last zero’s ${row.en} has no partner yet. From there a path goes from prime to star to prime through ${move.path.length} zeros: each star moves over to the prime before it, and at the end there is one star more.`,
                zh: `最后这个 0 的${row.zh}还没有配对。从它出发，经撇号、星号、撇号交替的一条路走过 ${move.path.length} 个 0：每个星号改到前一个撇号上，最后多出一个星号。`,
              },
      };
    case 'shift':
      return {
        title: { en: 'Make another zero', zh: '再造出一个 0' },
        text: {
          en: `No zero is free any more. The least of the free costs, ${formatFixed(move.by, 3)} at ${cell(move.at).en}, is taken off all that are free and put on where two lines cross. Again every matching changes by the same amount, and one zero more is free.`,
          zh: `已经没有自由的 0。自由的成本中最小的是 ${formatFixed(move.by, 3)}（${cell(move.at).zh}处）：从所有自由的成本中减去它，两线相交处加上它。所有匹配的总成本仍然变化同样多，而多出一个自由的 0。`,
        },
      };
    case 'done':
      return {
        title: { en: 'Done', zh: '完成' },
        text: {
          en: `Every ${row.en} has a star. All stars lie on zeros and no cost is below zero, so no other matching can be cheaper.`,
          zh: `每个${row.zh}都有了星号。所有星号都在 0 上，而没有一项成本小于 0，所以不可能有总成本更小的匹配。`,
        },
      };
  }
}
