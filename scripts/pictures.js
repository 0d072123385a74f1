// Makes static/pictures from packages of Debian and PyPI whose own files state licence and author picture by picture:
//
//     node scripts/pictures.js [work folder]
//
// Needs apt-get, dpkg, pip and python3. Packages are fetched into the work folder (.cache/pictures unless told) and
// unpacked there; nothing is installed. The licence of each picture is read from its package; a picture whose licence
// is not one of scripts/pictures/licences.js stops the run. Not part of the build: its result is committed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { debianCredit, desktopCredit, LICENCES, spdxCredit } from './pictures/licences.js';
import { rccFiles } from './pictures/rcc.js';
import { SELECTION } from './pictures/selection.js';

const SIDE = 384; // pixels of a picture
const THUMB = 96; // pixels of its thumbnail
const LIMIT = 30_000; // bytes of a picture
const work = resolve(process.argv[2] ?? '.cache/pictures');
const out = 'static/pictures';

/** @typedef {{ bytes: Buffer, author: string, licence: string, source: string, package: string }} Found */

/** Unpacks a Debian package into the work folder. @param {string} name */
function debian(name) {
  const folder = join(work, name);
  if (!existsSync(folder)) {
    execFileSync('apt-get', ['download', name], { cwd: work, stdio: 'inherit' });
    const file = readdirSync(work).find((f) => f.startsWith(`${name}_`) && f.endsWith('.deb'));
    execFileSync('dpkg', ['-x', join(work, file ?? ''), folder]);
  }
  return folder;
}

/** Unpacks a wheel into the work folder. @param {string} name @param {string} version */
function wheel(name, version) {
  const folder = join(work, name);
  if (!existsSync(folder)) {
    execFileSync('pip', [
      'download',
      '--no-deps',
      '--only-binary',
      ':all:',
      '-d',
      folder,
      `${name}==${version}`,
    ]);
    const file = readdirSync(folder).find((f) => f.endsWith('.whl'));
    execFileSync('python3', ['-m', 'zipfile', '-e', join(folder, file ?? ''), folder]);
  }
  return folder;
}

/** @param {string} activity @param {string} folder @param {string} name @returns {Found} */
function gcompris(activity, folder, name) {
  const root = debian('gcompris-qt-data');
  const named = `src/activities/${activity}/${folder}/${name}`;
  const rcc = readFileSync(join(root, `usr/share/gcompris-qt/rcc/${activity}.rcc`));
  for (const [path, bytes] of rccFiles(rcc)) {
    if (path !== `gcompris/${named}.webp`) continue;
    const credit = debianCredit(join(root, 'usr/share/doc/gcompris-qt-data/copyright'), named);
    return { bytes: Buffer.from(bytes), ...credit, package: 'Debian gcompris-qt-data' };
  }
  throw new Error(`${activity}.rcc has no ${folder}/${name}.webp`);
}

/** Where each kind of source keeps its pictures and says their licence. @type {Record<string, (name: string) => Found>} */
const SOURCES = {
  'gcompris-animals': (name) => gcompris('explore_world_animals', 'resource/animals', name),
  'gcompris-monuments': (name) => gcompris('categorization', 'resource/images/monuments', name),
  'gcompris-others': (name) => gcompris('categorization', 'resource/images/others', name),
  'gcompris-renewable': (name) => gcompris('categorization', 'resource/images/renewable', name),
  plasma: (name) => {
    const file = join(debian('plasma-workspace-data'), 'usr/share/plasma/avatars/photos', `${name}.png`);
    return {
      bytes: readFileSync(file),
      ...spdxCredit(`${file}.license`),
      package: 'Debian plasma-workspace-data',
    };
  },
  lomiri: (name) => {
    const root = debian('lomiri-wallpapers-16.04');
    const credit = debianCredit(
      join(root, 'usr/share/doc/lomiri-wallpapers-16.04/copyright'),
      `16.04/${name}`,
    );
    const bytes = readFileSync(join(root, 'usr/share/backgrounds', `${name}.jpg`));
    const source = `https://gitlab.com/ubports/development/core/lomiri-wallpapers/-/blob/main/16.04/${name}.jpg`;
    return { bytes, ...credit, source, package: 'Debian lomiri-wallpapers-16.04' };
  },
  palapeli: (name) => {
    const file = join(debian('palapeli-data'), 'usr/share/palapeli/collection', name);
    return {
      bytes: readFileSync(`${file}.jpg`),
      ...desktopCredit(`${file}.desktop`),
      package: 'Debian palapeli-data',
    };
  },
  // Stated in the docstrings of skimage/data/_fetchers.py, photo by photo.
  skimage: (name) => {
    const bytes = readFileSync(join(wheel('scikit-image', '0.26.0'), 'skimage/data', name));
    const source = 'https://scikit-image.org/docs/stable/api/skimage.data.html';
    /** @type {Record<string, [string, string]>} */
    const stated = {
      'chelsea.png': ['Stefan van der Walt', 'CC0-1.0'],
      'coffee.png': ['Rachel Michetti', 'CC0-1.0'],
      'hubble_deep_field.jpg': ['NASA, ESA', 'public-domain'],
    };
    const [author, licence] = stated[name] ?? ['', ''];
    return { bytes, author, licence, source, package: 'PyPI scikit-image 0.26.0' };
  },
  // Stated in sklearn/datasets/images/README.txt, photo by photo.
  sklearn: (name) => ({
    bytes: readFileSync(join(wheel('scikit-learn', '1.9.1'), 'sklearn/datasets/images', name)),
    author: 'danielbuechele',
    licence: 'CC-BY-2.0',
    source: 'https://www.flickr.com/photos/danielbuechele/6061409035/',
    package: 'PyPI scikit-learn 1.9.1',
  }),
};

/**
 * The square the crop asks for, SIDE pixels wide.
 * @param {Buffer} bytes @param {[number, number, number]} crop
 */
async function square(bytes, [cx, cy, side]) {
  const upright = await sharp(bytes)
    .rotate()
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .png()
    .toBuffer();
  const { width = 0, height = 0 } = await sharp(upright).metadata();
  const size = Math.round(side * Math.min(width, height));
  const left = Math.round(Math.min(Math.max(cx * width - size / 2, 0), width - size));
  const top = Math.round(Math.min(Math.max(cy * height - size / 2, 0), height - size));
  return sharp(upright).extract({ left, top, width: size, height: size }).resize(SIDE, SIDE).png().toBuffer();
}

/** The best WebP of at most `limit` bytes. @param {Buffer} png @param {number} limit */
async function webp(png, limit) {
  for (let quality = 86; ; quality -= 4) {
    const bytes = await sharp(png).webp({ quality, effort: 6 }).toBuffer();
    if (bytes.length <= limit || quality < 40) return bytes;
  }
}

/** The sections below the table of photographs, which other programs write. */
const below = existsSync(join(out, 'CREDITS.md'))
  ? (/^## [^]*/m.exec(readFileSync(join(out, 'CREDITS.md'), 'utf8'))?.[0] ?? '')
  : '';
mkdirSync(work, { recursive: true });
rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, 'thumbs'), { recursive: true });
const list = [];
const credits = ['# Pictures', '', 'Cropped to squares and scaled to 384×384 by `scripts/pictures.js`.', ''];
credits.push('| picture | author | licence | source | through |', '|---|---|---|---|---|');
for (const choice of SELECTION) {
  const found = SOURCES[choice.from]?.(choice.path);
  if (!found) throw new Error(`${choice.id}: no source called ${choice.from}`);
  const licence = LICENCES.get(found.licence);
  if (!licence || !found.author || !found.source)
    throw new Error(`${choice.id}: author, licence or source is missing or not allowed (${found.licence})`);
  const png = await square(found.bytes, choice.crop ?? [0.5, 0.5, 1]);
  const small = await sharp(png).resize(THUMB, THUMB).webp({ quality: 72, effort: 6 }).toBuffer();
  writeFileSync(join(out, `${choice.id}.webp`), await webp(png, LIMIT));
  writeFileSync(join(out, 'thumbs', `${choice.id}.webp`), small);
  list.push({
    id: choice.id,
    file: `${choice.id}.webp`,
    thumb: `thumbs/${choice.id}.webp`,
    title: { en: choice.en, zh: choice.zh },
    class: choice.class,
    author: found.author,
    licence: licence[0],
    licenceUrl: licence[1],
    source: found.source,
  });
  credits.push(
    `| [${choice.en}](${choice.id}.webp) | ${found.author} | [${licence[0]}](${licence[1]}) | [source](${found.source}) | ${found.package} |`,
  );
}
writeFileSync(join(out, 'pictures.json'), `${JSON.stringify(list, null, 1)}\n`);
writeFileSync(join(out, 'CREDITS.md'), `${credits.join('\n')}\n${below && '\n'}${below}`);
console.log(`${list.length} pictures, ${list.filter((p) => p.class).length} of the model's classes`);
