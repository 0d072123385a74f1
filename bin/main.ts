import { readFileSync } from 'node:fs';
import { describeCommand } from './commands/describe.ts';
import { onnxCommand } from './commands/onnx.ts';
import { runCommand } from './commands/run.ts';
import { sampleCommand } from './commands/sample.ts';
import { torchCommand } from './commands/torch.ts';
import type { Command } from './lib/command.ts';
import { sentence } from './lib/errors.ts';
import { nearest } from '#lib/base/nearest.ts';
import { UsageError } from './lib/usage.ts';

const COMMANDS: readonly Command[] = [describeCommand, runCommand, sampleCommand, onnxCommand, torchCommand];

const HELP = `patchwork: vision transformers of this notebook, without a browser

usage: patchwork <command> …

${COMMANDS.map((c) => `  ${c.name.padEnd(10)}${c.summary}`).join('\n')}

  patchwork <command> --help    what a command takes
  patchwork --version

Errors are one sentence on stderr, with exit status 2.
`;

/**
 * The command line.
 * @param argv arguments after the script's name
 * @returns the exit status: 0, or 2 after an error, which is on stderr in one sentence
 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await dispatch(argv);
    return 0;
  } catch (error) {
    process.stderr.write(`patchwork: ${sentence(error)}\n`);
    return 2;
  }
}

async function dispatch([name, ...rest]: readonly string[]): Promise<void> {
  if (name === '--version') {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    process.stdout.write(`${version}\n`);
    return;
  }
  if (name === undefined)
    throw new UsageError('a command is needed: describe, run, sample or onnx; patchwork --help says more');
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(COMMANDS.find((c) => c.name === rest[0])?.help ?? HELP);
    return;
  }
  const command = COMMANDS.find((c) => c.name === name);
  if (!command) {
    const similar = nearest(
      name,
      COMMANDS.map((c) => c.name),
    );
    throw new UsageError(
      `there is no command "${name}"${similar ? `; did you mean ${similar}` : ''}; patchwork --help lists them`,
    );
  }
  if (rest.includes('--help') || rest.includes('-h')) process.stdout.write(command.help);
  else await command.run(rest);
}
