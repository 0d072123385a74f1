// `node --import tsx tests/parity/commands.ts`: the command line, kept for many calls, since a process of its own takes longer to
// begin than most calls take. Each line on stdin is a call's arguments as JSON, each on stdout its exit status and errors.
import { createInterface } from 'node:readline';
import { main } from '../../bin/main.ts';

const say = process.stdout.write.bind(process.stdout);
let errors = '';
process.stdout.write = () => true;
process.stderr.write = (text: string | Uint8Array) => {
  errors += typeof text === 'string' ? text : Buffer.from(text).toString();
  return true;
};

for await (const line of createInterface({ input: process.stdin })) {
  errors = '';
  const status = await main(JSON.parse(line) as string[]).catch((error: unknown) => {
    errors += String(error);
    return 1;
  });
  say(`${JSON.stringify({ status, errors })}\n`);
}
// The runtime's threads would keep the process alive.
process.exit(0);
