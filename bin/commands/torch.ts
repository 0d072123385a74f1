import { mkdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { atVariant, graphOf, withVariant } from '#lib/models/registry.ts';
import { torchScript } from '#lib/graph/torch.ts';
import { scriptInputs } from '#lib/export/files.ts';
import type { Graph, WeightSource } from '#lib/graph/index.ts';
import { parseSafetensors, writeSafetensors, type TensorToWrite } from '#lib/weights/safetensors.ts';
import { bytesOf } from '#lib/weights/source.ts';
import type { Command } from '../lib/command.ts';
import { readBytes, writeBytes } from '../lib/files.ts';
import { tensorNames, variantWith } from '../lib/names.ts';
import { SETTINGS } from '../lib/settings.ts';
import { openTarget } from '../lib/target.ts';
import { readArgs, UsageError, wholeNumber } from '../lib/usage.ts';

const HELP = `patchwork torch: scripts that make tensors in PyTorch, operation by operation

usage: patchwork torch <preset | model folder | weights file> --tensors a,b --out FOLDER [options]

  --tensors a,b | all  which tensors, by their names in "patchwork describe"; one script each
  --out FOLDER         where NAME.py goes, and NAME.inputs.safetensors with what it loads beside the model's weights
  --prefix NAME        of several networks in a weights file, the one whose names begin so
  --from c,d           tensors the scripts begin at, in place of the inputs; --input then has their values
  --input FILE         a safetensors file with the inputs (x, and t and y where there are such), needed for a model
  --patch N            another patch size
  --set field=value …  changes a preset's configuration; fields: ${SETTINGS}

A preset has no weights: its scripts compute shapes on PyTorch's meta device.
`;

/** The weights of a graph, to be written under its names. */
function weightsOf(source: WeightSource, graph: Graph): TensorToWrite[] {
  return [...graph.values.values()].flatMap(({ kind, name }) => {
    const entry = kind === 'weight' ? source.get(name) : undefined;
    return entry ? [{ name, shape: entry.shape, dtype: entry.dtype, data: bytesOf(source, entry) }] : [];
  });
}

export const torchCommand: Command = {
  name: 'torch',
  summary: 'scripts that make tensors in PyTorch',
  help: HELP,
  async run(args) {
    const {
      values,
      target: named,
      settings,
    } = readArgs(args, 'torch', {
      from: { type: 'string' },
      out: { type: 'string' },
      patch: { type: 'string' },
      prefix: { type: 'string' },
      tensors: { type: 'string' },
      input: { type: 'string' },
    });
    const { out, tensors, input } = values;
    if (out === undefined || tensors === undefined) throw new UsageError('torch needs --tensors and --out');
    const note = (line: string): void => void process.stderr.write(`patchwork: ${line}.\n`);
    const target = openTarget(named, settings, { note, prefix: values.prefix });
    const variant = variantWith(target.of, wholeNumber(values.patch, '--patch'));
    const { trained } = target;
    if (trained && input === undefined) throw new UsageError('torch needs --input FILE for a model');
    const graph = graphOf(withVariant(target.of, variant));
    const names = tensorNames(tensors, graph).filter((name) => graph.value(name).kind === 'node');
    const begin = values.from === undefined ? [] : tensorNames(values.from, graph);
    mkdirSync(out, { recursive: true });
    const { patch } = { ...target.of.config, ...variant } as { readonly patch?: number };
    const title = patch === undefined ? target.name : `${target.name} at patch ${patch}`;
    if (!trained) {
      for (const name of names) {
        const { code } = torchScript(graph, name, { title, given: begin });
        writeBytes(join(out, `${name}.py`), new TextEncoder().encode(code));
      }
      return;
    }
    const stored = target.weights();
    const { weights } = atVariant(stored, target.of, variant);
    const given = parseSafetensors(readBytes(input!), input!);
    const inputs = Object.fromEntries(given.names().map((name) => [name, given.float32(name)]));
    for (const name of begin)
      if (!(name in inputs))
        throw new UsageError(`torch: ${input} has no values of ${name}, which --from names`);
    // The script runs in its own folder.
    const folder = target.kind === 'folder';
    const beside = folder
      ? relative(resolve(out), resolve(named, 'model.safetensors')).replaceAll(sep, '/')
      : 'weights.safetensors';
    // Of a bare file the scripts load a copy: it may be of another form, and have other names than the graph.
    if (!folder) writeBytes(join(out, beside), writeSafetensors(weightsOf(stored, graphOf(target.of))));
    for (const name of names) {
      const file = `${name}.inputs.safetensors`;
      const script = torchScript(graph, name, { title, files: [beside, file], given: begin });
      writeBytes(join(out, `${name}.py`), new TextEncoder().encode(script.code));
      writeBytes(join(out, file), scriptInputs(graph, { script, file }, { inputs, weights, stored }));
    }
  },
};
