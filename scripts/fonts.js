// Makes src/app/fonts from the @fontsource-variable packages:
//
//     node scripts/fonts.js
//
// Each face is cut to the characters and weights that nearly every page needs. What a page needs beyond them it takes
// from the package's own file, which src/app/fonts.css gives the other characters. Not part of the build: the
// result is committed, and a test makes it again.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FACES, OUT, coreOf } from './fonts/core.js';

mkdirSync(OUT, { recursive: true });
for (const face of FACES) {
  const file = await coreOf(face);
  writeFileSync(join(OUT, face.core), file);
  console.log(`${face.core}: ${file.length} bytes`);
}
