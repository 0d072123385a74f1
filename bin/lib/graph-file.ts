import { closeSync, existsSync, openSync, readdirSync, readSync, statSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { preprocess } from '#lib/images/preprocess.ts';
import { nearest } from '#lib/base/nearest.ts';
import { withOutputs } from '#lib/own/reading/onnx/graph.ts';
import { graphPreparation } from '#lib/own/reading/onnx/preparation.ts';
import { openOnnx, type OnnxFacts, type OpenedOnnx } from '#lib/own/reading/onnx/shelf.ts';
import { runOnnx } from '#lib/runtime/onnx.ts';
import { fileKind } from '#lib/weights/file-kind.ts';
import { writeSafetensors } from '#lib/weights/safetensors-write.ts';
import { WeightsError } from '#lib/weights/source.ts';
import { readBytes, writeBytes } from './files.ts';
import { pictureFiles, specOf, type InputOptions } from './inputs.ts';
import { table } from './table.ts';
import { topClasses } from './top.ts';
import { UsageError } from './usage.ts';

/** Whether an argument is an ONNX file, by its first bytes or its name. */
export function isGraphFile(path: string): boolean {
  if (!existsSync(path) || !statSync(path).isFile()) return false;
  if (/\.onnx$/i.test(path)) return true;
  const head = new Uint8Array(4096);
  const file = openSync(path, 'r');
  try {
    return fileKind(head.subarray(0, readSync(file, head, 0, head.length, 0))) === 'onnx';
  } finally {
    closeSync(file);
  }
}

/** An ONNX file with the files of weights that it names in its folder. @throws WeightsError */
function openGraph(path: string): Promise<OpenedOnnx> {
  const folder = dirname(path);
  const readable = (name: string) => {
    const whole = join(folder, name);
    let bytes: Uint8Array<ArrayBuffer> | undefined;
    return {
      name,
      size: statSync(whole).size,
      slice: (begin: number, end: number) => ({
        arrayBuffer: () => Promise.resolve((bytes ??= readBytes(whole)).slice(begin, end).buffer),
      }),
    };
  };
  const beside = readdirSync(folder).filter(
    (name) => name !== basename(path) && statSync(join(folder, name)).isFile(),
  );
  return openOnnx([readable(basename(path)), ...beside.map(readable)]);
}

/** @throws WeightsError for a graph that the runtime cannot do, with every reason */
function checked({ facts }: OpenedOnnx, path: string): OnnxFacts {
  const [first, ...more] = facts.hindrances;
  if (!first) return facts;
  const join = (lang: 'en' | 'zh') => [first, ...more].map((said) => said[lang]).join('; ');
  throw new WeightsError({ en: join('en'), zh: join('zh') }, { file: path });
}

/** The graph of an ONNX file as a list: every value a node gives, and the attentions. @throws WeightsError */
export async function describeGraph(path: string, json: boolean): Promise<string> {
  const opened = await openGraph(path);
  const { graph, attentions, feeds } = checked(opened, path);
  const nodes = graph.values.filter(({ kind }) => kind === 'node');
  const unknown = nodes.filter(({ shape }) => !shape).map(({ name }) => name);
  // What the file does not say, a run tells.
  const ran =
    unknown.length > 0 ? await runOnnx(await runtime(), opened, { outputs: unknown, shapesOnly: true }) : [];
  const told = new Map(ran.map(({ name, shape }) => [name, shape]));
  const rows = nodes.map(({ name, shape, node }) => ({
    name,
    op: graph.nodes[node]?.op ?? '',
    shape: (told.get(name) ?? shape ?? []).map((side) => side ?? '?'),
  }));
  if (json) return `${JSON.stringify({ inputs: feeds, outputs: graph.outputs, values: rows, attentions })}\n`;
  const count = graph.parameters.toLocaleString('en-US');
  const sets = Object.entries(graph.opsets).map(([domain, version]) => `${domain} ${version}`);
  const heads = attentions.map(({ probs, title, fused, why }) =>
    probs === undefined
      ? `  ${title}: ${fused}, whose weights stay inside: ${why?.en}`
      : `  ${probs}${fused === undefined ? '' : ` (computed beside ${fused}, which keeps it inside)`}`,
  );
  return [
    `${path}: ONNX, ${count} parameters, ${graph.nodes.length} nodes, ${sets.join(', ')}`,
    ...feeds.map(({ name, type, shape, assumed }) => {
      const open = assumed.length > 0 ? ` (${assumed.join(', ')} assumed)` : '';
      return `input ${name}: ${type} [${shape.join(', ')}]${open}`;
    }),
    attentions.length > 0 ? `attention, by its pattern:\n${heads.join('\n')}` : 'no attention was found',
    '',
    table(
      [['value', 'operator', 'shape'], ...rows.map((r) => [r.name, r.op, `[${r.shape.join(', ')}]`])],
      ['l', 'l', 'l'],
    ),
  ].join('\n');
}

/** What is asked of a graph on the command line. */
export interface GraphRun extends InputOptions {
  readonly tensors?: string | undefined;
  readonly out?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Runs an ONNX file on pictures: the likeliest places of its first output, and any values. @throws UsageError and those of a run */
export async function runGraph(
  path: string,
  options: GraphRun,
  note: (line: string) => void,
): Promise<string> {
  const opened = await openGraph(path);
  const { graph, feeds } = checked(opened, path);
  if (options.input !== undefined) throw new UsageError('an ONNX file is run on pictures: give --image');
  const usual = graphPreparation(feeds);
  if (!usual) throw new UsageError(`${path} takes no picture, so it can be described and not run here`);
  const spec = specOf(usual, options);
  if (!(options.mean && options.std))
    note(
      `${path} does not tell how pictures are prepared; mean ${spec.mean.join(',')} and std ${spec.std.join(',')} assumed, --mean, --std and --fit change it`,
    );
  for (const { name, assumed } of feeds)
    if (assumed.length > 0) note(`input ${name} leaves sides open; ${assumed.join(', ')} assumed`);
  const asked = options.tensors === undefined ? [] : valuesIn(options.tensors, opened.facts);
  const [answer = ''] = graph.outputs;
  const ort = await runtime();
  const images: { image: string; top5: ReturnType<typeof topClasses> }[] = [];
  const { decodeImage } = await import('#lib/images/decode.node.ts');
  const files = (options.image ?? []).flatMap(pictureFiles);
  if (files.length > 1 && options.out !== undefined)
    throw new UsageError('--out keeps the values of one picture; give one --image');
  for (const image of files) {
    const picture = preprocess(await decodeImage(readFileSync(image), image), spec);
    const tensors = await runOnnx(ort, opened, { outputs: [...new Set([answer, ...asked])], picture });
    images.push({ image, top5: topClasses(tensors.find(({ name }) => name === answer)?.data, []) });
    if (options.out !== undefined)
      writeBytes(
        options.out,
        writeSafetensors(tensors.filter(({ name }) => asked.includes(name)).map((t) => stored(t))),
      );
  }
  if (options.json) return `${JSON.stringify({ output: answer, images })}\n`;
  return images
    .map(({ image, top5 }) =>
      [
        `${image}: largest of ${answer}`,
        ...top5.map((c) => `  ${String(c.class).padStart(5)}  ${c.p.toPrecision(4)}`),
        '',
      ].join('\n'),
    )
    .join('\n');
}

/** An ONNX file whose graph has further outputs. @throws UsageError, WeightsError */
export async function graphWithOutputs(
  path: string,
  tensors: string | undefined,
  out: string,
): Promise<void> {
  const opened = await openGraph(path);
  if (tensors === undefined)
    throw new UsageError(`${path} is an ONNX file already; --tensors names values that become outputs`);
  const names = valuesIn(tensors, opened.facts).filter((name) => !opened.facts.graph.outputs.includes(name));
  writeBytes(out, withOutputs(opened.bytes, names, opened.facts.beside));
}

function valuesIn(list: string, { graph, attentions }: OnnxFacts): string[] {
  if (list === 'all') return graph.values.filter(({ kind }) => kind === 'node').map(({ name }) => name);
  if (list === 'attention') return attentions.flatMap(({ probs }) => probs ?? []);
  const known = graph.values.map(({ name }) => name);
  return list.split(',').map((raw) => {
    const name = raw.trim();
    if (known.includes(name)) return name;
    const similar = nearest(name, known);
    throw new UsageError(`the graph has no value "${name}"${similar ? `; did you mean ${similar}` : ''}`);
  });
}

const stored = ({ name, shape, data }: { name: string; shape: readonly number[]; data: Float32Array }) => ({
  name,
  shape,
  dtype: 'F32' as const,
  data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
});

async function runtime() {
  const ort = await import('onnxruntime-web');
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = availableParallelism();
  return ort;
}
