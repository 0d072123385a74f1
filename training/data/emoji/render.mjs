// Draws SVG pictures as raw pixels, for render.py:
//
//     node render.mjs pictures.jsonl side channels
//
// Each line of the file is {"name", "svg"}. To stdout goes side × side × channels bytes a picture, in the same order:
// RGB on white for three channels, RGBA (not premultiplied) for four. sharp is the project's own.
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import sharp from 'sharp';

const AT_ONCE = 8; // pictures that are drawn at the same time

const [file, side, channels] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
sharp.cache(false);

/** @param {string} line */
async function draw(line) {
  const { name, svg } = JSON.parse(line);
  try {
    const picture = sharp(Buffer.from(svg)).resize(side, side, { fit: 'contain', background: '#0000' });
    const flat = channels === 3 ? picture.flatten({ background: '#fff' }) : picture.ensureAlpha();
    const { data } = await flat.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    if (data.length !== side * side * channels) throw new Error(`${data.length} bytes`);
    return data;
  } catch (error) {
    throw new Error(`${name}: ${error.message}`);
  }
}

/** @param {Buffer} data */
async function write(data) {
  if (!process.stdout.write(data)) await once(process.stdout, 'drain');
}

try {
  const waiting = [];
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const drawn = draw(line);
    drawn.catch(() => {}); // A fault is met below, in its turn.
    waiting.push(drawn);
    if (waiting.length >= AT_ONCE) await write(await waiting.shift());
  }
  for (const drawn of waiting) await write(await drawn);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
