import type { Text } from '#lib/base/lang.ts';
import type { OnnxGraph } from './graph.ts';

/** Sets of operators that the runtime has, with the newest version of each that it knows (onnxruntime 1.30). */
const KNOWN: Readonly<Record<string, number>> = {
  'ai.onnx': 26,
  'ai.onnx.ml': 5,
  'com.microsoft': 1,
};
/** A protobuf message cannot be longer. */
const MOST_BYTES = 2 ** 31 - 1;
/** Operators that need what a page has not: files, other languages, training. */
const NOT_HERE =
  /^(ai\.onnx\.preview\.training|ai\.onnx\.training|com\.microsoft\.nchwc|org\.pytorch\.aten)\b/;

/**
 * What keeps the runtime from running a graph, by name, before it is tried.
 * @param beside names of the files that were chosen with it
 */
export function hindrances(graph: OnnxGraph, beside: readonly string[]): readonly Text[] {
  const found: Text[] = [];
  if (graph.bytes > MOST_BYTES)
    found.push({
      en: 'it has more than 2 GB, which is more than a protobuf message can hold; export it with its weights in a file beside it',
      zh: '它超过 2 GB，超出了一条 protobuf 消息的上限；请把权重导出到旁边的文件里',
    });
  const lacking = graph.external.filter((path) => !beside.includes(baseOf(path)));
  if (lacking.length > 0)
    found.push({
      en: `its weights lie in ${lacking.join(', ')} beside it; choose the files together`,
      zh: `它的权重在旁边的 ${lacking.join('、')} 里；请一起选上`,
    });
  for (const [domain, version] of Object.entries(graph.opsets)) {
    const newest = KNOWN[domain];
    const used = graph.nodes.filter(({ op }) => domain !== 'ai.onnx' && op.startsWith(`${domain}.`));
    if (newest === undefined && used.length > 0)
      found.push({
        en: `the runtime has no operators of ${domain}, which it uses: ${some(used.map(({ op }) => op))}`,
        zh: `运行库没有它用到的 ${domain} 的算子：${some(used.map(({ op }) => op))}`,
      });
    else if (newest !== undefined && version > newest)
      found.push({
        en: `it is written for version ${version} of the operators ${domain}; the runtime knows up to ${newest}`,
        zh: `它使用 ${domain} 算子的第 ${version} 版，运行库最多支持第 ${newest} 版`,
      });
  }
  const foreign = graph.nodes.filter(({ op }) => NOT_HERE.test(op));
  if (foreign.length > 0)
    found.push({
      en: `the runtime cannot do ${some(foreign.map(({ op }) => op))}`,
      zh: `运行库不支持 ${some(foreign.map(({ op }) => op))}`,
    });
  return found;
}

const baseOf = (path: string) => path.split(/[\\/]/).at(-1) ?? path;

function some(list: readonly string[]): string {
  const names = [...new Set(list)];
  return names.length > 5 ? `${names.slice(0, 5).join(', ')}, …` : names.join(', ');
}
