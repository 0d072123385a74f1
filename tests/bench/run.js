// npm run bench [-- --write] [graph|forward|page|site …]
import { register } from 'tsx/esm/api';

register();
const { bench } = await import('./bench.ts');
const words = process.argv.slice(2);
const write = words.includes('--write');
process.exit(
  await bench(
    words.filter((word) => word !== '--write'),
    write,
  ),
);
