import { basename, dirname, join } from 'node:path';
import {
  atVariant,
  familyOf,
  graphOf,
  presetNames,
  withVariant,
  type Variant,
} from '#lib/models/registry.ts';
import { encode } from '#lib/graph/encode.ts';
import type { Graph, WeightSource } from '#lib/graph/index.ts';
import { seededWeights } from '#lib/graph/seeded.ts';
import type { Command } from '../lib/command.ts';
import { writeBytes } from '../lib/files.ts';
import { graphWithOutputs, isGraphFile } from '../lib/graph-file.ts';
import { tensorNames, variantWith } from '../lib/names.ts';
import { onOneFile } from '../lib/onefile.ts';
import { SETTINGS } from '../lib/settings.ts';
import { openTarget, type Target } from '../lib/target.ts';
import { readArgs, UsageError, wholeNumber } from '../lib/usage.ts';

const HELP = `patchwork onnx: a network as an ONNX file, weights inside

usage: patchwork onnx <preset | model folder | weights file> --out m.onnx [options]

  --out FILE           the ONNX file (opset 17); weights above 1.9 GB lie beside it in FILE.data
  --patch N            another patch size: kernel and positions are resized from the stored ones
  --prefix NAME        of several networks in a weights file, the one whose names begin so
  --tensors a,b | all  outputs, by their names in "patchwork describe"; the model's answer when not said
  --set field=value …  changes a preset's configuration, or says what bare weights don't tell
                       fields: ${SETTINGS}

Of an ONNX file the values named by --tensors become outputs, the rest stays as it is.

A preset has no weights: the file gets small random ones, the same at every call, so that it runs.
presets: ${presetNames().join(' ')}
`;

/** Protobuf ends at 2³¹ − 1 bytes; graph and constants need little. */
const MOST_INSIDE = 1.9e9;
const SEED = 0;

export const onnxCommand: Command = {
  name: 'onnx',
  summary: 'a network as an ONNX file',
  help: HELP,
  async run(args) {
    const {
      values,
      target: named,
      settings,
    } = readArgs(args, 'onnx', {
      out: { type: 'string' },
      patch: { type: 'string' },
      prefix: { type: 'string' },
      tensors: { type: 'string' },
    });
    const { out } = values;
    if (out === undefined) throw new UsageError('onnx needs --out FILE');
    if (isGraphFile(named)) {
      await graphWithOutputs(named, values.tensors, out);
      return;
    }
    const note = (line: string): void => void process.stderr.write(`patchwork: ${line}.\n`);
    const target = openTarget(named, settings, { note, prefix: values.prefix });
    const variant = variantWith(target.of, wholeNumber(values.patch, '--patch'));
    const outputs = outputsOf(values.tensors, target, variant);
    const { graph, weights } = bound(target, variant, note);
    const stored = graphBytes(graph, weights);
    if (stored <= MOST_INSIDE) {
      writeBytes(out, encode(graph, { outputs, weights, external: false }).model);
      return;
    }
    const data = `${basename(out)}.data`;
    const source = onOneFile(graph, weights, data);
    const { model, externalData } = encode(graph, { outputs, weights: source });
    writeBytes(out, model);
    for (const beside of externalData) writeBytes(join(dirname(out), beside.path), beside.data);
    note(`the weights, ${(stored / 1e9).toFixed(1)} GB, lie beside the model in ${out}.data`);
  },
};

function outputsOf(list: string | undefined, { of }: Target, variant: Variant): string[] {
  const at = withVariant(of, variant);
  if (list === undefined) return [...familyOf(at.architecture).answers(at.config)];
  const graph = graphOf(at);
  const names = tensorNames(list, graph).filter((name) => graph.value(name).kind === 'node');
  if (names.length === 0) throw new UsageError(`${list} is an input of the model; name another tensor`);
  return names;
}

function bound(
  target: Target,
  variant: Variant,
  note: (line: string) => void,
): { graph: Graph; weights: WeightSource } {
  if (target.kind === 'preset') {
    const graph = graphOf(withVariant(target.of, variant));
    note(`${target.name} is a preset without weights; small random ones were written (seed ${SEED})`);
    return { graph, weights: seededWeights(graph, SEED) };
  }
  const { of, weights } = atVariant(target.weights(), target.of, variant);
  return { graph: graphOf(of), weights };
}

function graphBytes(graph: Graph, weights: WeightSource): number {
  let bytes = 0;
  for (const value of graph.values.values()) {
    if (value.kind === 'weight') bytes += weights.get(value.name)?.length ?? 0;
  }
  return bytes;
}
