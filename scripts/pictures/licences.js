import { readFileSync } from 'node:fs';

/** @typedef {{ author: string, licence: string, source: string }} Credit */

/** Licences a picture may have, by SPDX id, with what the page shows and links to. */
export const LICENCES = new Map([
  ['CC0-1.0', ['CC0 1.0', 'https://creativecommons.org/publicdomain/zero/1.0/']],
  ['public-domain', ['Public domain', 'https://creativecommons.org/publicdomain/mark/1.0/']],
  ['CC-BY-1.0', ['CC BY 1.0', 'https://creativecommons.org/licenses/by/1.0/']],
  ['CC-BY-2.0', ['CC BY 2.0', 'https://creativecommons.org/licenses/by/2.0/']],
  ['CC-BY-4.0', ['CC BY 4.0', 'https://creativecommons.org/licenses/by/4.0/']],
  ['CC-BY-SA-2.0', ['CC BY-SA 2.0', 'https://creativecommons.org/licenses/by-sa/2.0/']],
  ['CC-BY-SA-3.0', ['CC BY-SA 3.0', 'https://creativecommons.org/licenses/by-sa/3.0/']],
  ['CC-BY-SA-4.0', ['CC BY-SA 4.0', 'https://creativecommons.org/licenses/by-sa/4.0/']],
]);

/**
 * What a Debian `copyright` file (DEP-5) says of one file that it names by itself, without a pattern.
 * @param {string} copyright path of the copyright file
 * @param {string} named the name as it stands there, without extension
 * @returns {Credit}
 */
export function debianCredit(copyright, named) {
  for (const paragraph of readFileSync(copyright, 'utf8').split(/\n\s*\n/)) {
    const files = /^Files:\s*(\S+)\s*$/m.exec(paragraph)?.[1];
    if (!files || files.replace(/\.\w+$/, '') !== named) continue;
    const field = (/** @type {string} */ name) =>
      new RegExp(`^${name}:\\s*(.+)$`, 'm').exec(paragraph)?.[1]?.trim() ?? '';
    return {
      author: field('Copyright')
        .replace(/^\d{4}[,.]\s*|,\s*\d{4}$/g, '')
        .replaceAll('"', ''),
      licence: field('License'),
      source: field('Comment'),
    };
  }
  throw new Error(`${copyright} does not name ${named}`);
}

/**
 * What an SPDX side file (`picture.png.license`) says.
 * @param {string} path
 * @returns {Credit}
 */
export function spdxCredit(path) {
  const text = readFileSync(path, 'utf8');
  const one = (/** @type {RegExp} */ rule) => rule.exec(text)?.[1]?.trim() ?? '';
  return {
    author: one(/SPDX-FileCopyrightText:\s*(?:\d{4}\s+)?([^<\n]+)/),
    licence: one(/SPDX-License-Identifier:\s*(\S+)/),
    source: one(/(https?:\S+)/),
  };
}

/**
 * What the desktop entry beside a Palapeli puzzle says.
 * @param {string} path
 * @returns {Credit}
 */
export function desktopCredit(path) {
  const text = readFileSync(path, 'utf8');
  const one = (/** @type {string} */ key) =>
    new RegExp(`^X-KDE-PluginInfo-${key}=(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const licence = one('License') === 'Public Domain' ? 'public-domain' : one('License');
  return { author: one('Author'), licence, source: one('Website').replace('http:', 'https:') };
}
