#!/usr/bin/env node
// The engine without a browser; see `patchwork --help`. TypeScript is loaded as it lies, through tsx.
import { register } from 'tsx/esm/api';

register();
process.stdout.on('error', () => process.exit(0)); // the reader of a pipe has gone
const { main } = await import('./main.ts');
const status = await main(process.argv.slice(2));
// The runtime's threads would keep the process alive.
process.stdout.write('', () => process.exit(status));
