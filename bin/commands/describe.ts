import { graphOf, presetNames } from '#lib/models/registry.ts';
import { describe, type Description } from '#lib/graph/describe.ts';
import type { Command } from '../lib/command.ts';
import { describeGraph, isGraphFile } from '../lib/graph-file.ts';
import { SETTINGS } from '../lib/settings.ts';
import { table } from '../lib/table.ts';
import { openTarget } from '../lib/target.ts';
import { readArgs } from '../lib/usage.ts';

const HELP = `patchwork describe: every tensor of a network, with its shape, work and size

usage: patchwork describe <preset | model folder | weights file> [--set field=value …] [--json]

  --set field=value …  changes the configuration: --set dim=384 heads=6 patch=8
                       fields: ${SETTINGS}
  --prefix NAME        of several networks in a weights file, the one whose names begin so
  --json               {parameters, macs, tensors: [{name, shape, dims, macs, bytes}]}

presets: ${presetNames().join(' ')}

Of an ONNX file every value is listed with its operator and shape, and the attentions that its pattern tells; shapes that
the file does not say are told by a run.

Work is counted in multiply-adds (MACs) of one picture; normalisation, softmax and biases count nothing.
`;

export const describeCommand: Command = {
  name: 'describe',
  summary: 'shapes, multiply-adds and bytes of every tensor',
  help: HELP,
  async run(args) {
    const { values, target, settings } = readArgs(args, 'describe', {
      json: { type: 'boolean' },
      prefix: { type: 'string' },
    });
    if (isGraphFile(target)) {
      process.stdout.write(await describeGraph(target, values.json === true));
      return;
    }
    const note = (line: string): void => void process.stderr.write(`patchwork: ${line}.\n`);
    const { name, of, trained, weights } = openTarget(target, settings, { note, prefix: values.prefix });
    // What cannot be run is not described either.
    if (trained) weights();
    const description = describe(graphOf(of));
    process.stdout.write(values.json ? json(description) : human(name, description));
  },
};

function json({ parameters, macs, tensors }: Description): string {
  const rows = tensors.map((t) => ({
    name: t.name,
    shape: t.shape,
    dims: t.dims,
    macs: t.macs,
    bytes: t.bytes,
  }));
  return `${JSON.stringify({ parameters, macs, tensors: rows })}\n`;
}

function human(name: string, d: Description): string {
  const count = (n: number): string => n.toLocaleString('en-US');
  const head = `${name}: ${count(d.parameters)} parameters, ${(d.macs / 1e9).toFixed(2)} GMACs, ${(d.bytes / 1e6).toFixed(1)} MB of tensors\n\n`;
  const rows = d.tensors.map((t) => [
    t.name,
    `[${t.shape.join(', ')}]`,
    `[${t.dims.join(', ')}]`,
    t.macs ? count(t.macs) : '',
    count(t.bytes),
  ]);
  return head + table([['tensor', 'shape', 'dims', 'MACs', 'bytes'], ...rows], ['l', 'l', 'l', 'r', 'r']);
}
