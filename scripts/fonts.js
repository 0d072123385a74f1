// Makes src/app/fonts from the @fontsource-variable packages and KaTeX's typefaces:
//
//     node scripts/fonts.js
//
// Each face is cut to the characters and weights that nearly every page needs. What a page needs beyond them it takes
// from the package's own file, which src/app/fonts.css (of formulas plugins/katex-faces.js) gives the other characters. Not part of the build: the
// result is committed, and a test makes it again.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORES, OUT } from './fonts/core.js';

mkdirSync(OUT, { recursive: true });
for (const { core, make } of CORES) {
  const file = await make();
  writeFileSync(join(OUT, core), file);
  console.log(`${core}: ${file.length} bytes`);
}
