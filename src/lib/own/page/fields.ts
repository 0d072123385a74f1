import type { Lang, Text } from '#lib/base/lang.ts';
import { familyOf, type Field } from '#lib/models/registry.ts';
import { choice } from '#lib/models/shared/fields.ts';
import type { Examined } from '../reading/examined.ts';
import type { Value } from './corrected.ts';
import { reasonText } from './reasons.ts';
import { TITLES } from './titles.ts';

/** A field of the configuration that a reader may correct. */
export interface Guessed {
  readonly name: string;
  readonly title: Text;
  /** How the family lets it be chosen; undefined for a field that it offers nowhere. */
  readonly field?: Field;
  /** The value now; undefined where it must be set. */
  readonly value: Value | undefined;
  /** Why it has it: a guess, a file beside the weights, or the reader's word. */
  readonly why: Text;
  readonly origin: 'assumed' | 'told' | 'set' | 'unread' | 'asked';
}

/** Choices that families have and do not offer of a network that is designed here, so that nobody must know their words. */
const CHOICES: readonly Field[] = [
  choice('blockNorm', 'LayerNorms of a block', '每层的归一化', {
    before: ['before attention and MLP', '在注意力和 MLP 之前'],
    after: ['after them, before the sum', '在它们之后、相加之前'],
  }),
  choice('headNorm', 'LayerNorm and pooling', '归一化与池化的先后', {
    before: ['before pooling', '在池化之前'],
    after: ['after pooling', '在池化之后'],
    both: ['before and after', '前后都有'],
  }),
  choice('rotary', 'Rotary positions', '旋转位置编码', {
    none: ['none', '无'],
    centred: ['from the centre (DINOv3)', '从中心算起（DINOv3）'],
    grid: ['by row and column (EVA-02)', '按行列（EVA-02）'],
  }),
];
const fieldOf = (fields: readonly Field[], name: string): Field | undefined =>
  [...fields, ...CHOICES].find((field) => field.name === name);

/** What the form calls a field of a family's configuration; its own name where nothing else is known. */
export function titleOf(name: string, family: string): Text {
  return fieldOf(familyOf(family).fields, name)?.title ?? TITLES[name] ?? { en: name, zh: name };
}

const FROM_CONFIG: Text = { en: 'from config.json', zh: '来自 config.json' };
const YOURS: Text = { en: 'set by you', zh: '由你设定' };
const ASKED: Text = {
  en: 'read from the tensors; what you write goes before it',
  zh: '由张量看出；你填写的优先',
};
const NEEDED: Text = { en: 'no tensor tells it, so it must be set', zh: '从张量中看不出来，必须填写' };

const isValue = (x: unknown): x is Value =>
  ['number', 'boolean', 'string'].includes(typeof x) ||
  (Array.isArray(x) && x.every((n) => typeof n === 'number'));

/**
 * What a reader may correct, in one list, each field in its place whatever becomes of it: what must be set, what was set,
 * what was assumed, what a description told.
 * @param set the reader's word
 * @param asked fields that the reader wants to set beside these
 */
export function guessesOf(
  examined: Examined,
  set: Readonly<Record<string, Value>>,
  asked: readonly string[] = [],
): readonly Guessed[] {
  const { recognised, family: id, unread } = examined;
  if (id === undefined) return [];
  const { fields, defaults, optional } = familyOf(id);
  const config = (recognised?.of.config ?? {}) as Readonly<Record<string, unknown>>;
  const as = (name: string, origin: Guessed['origin'], why: Text, otherwise?: unknown): Guessed => {
    const field = fieldOf(fields, name);
    const now = config[name] ?? set[name] ?? otherwise;
    return {
      name,
      title: titleOf(name, id),
      ...(field && { field }),
      value: isValue(now) ? now : undefined,
      why,
      origin,
    };
  };
  const assumed = recognised?.assumed ?? [];
  const list = [
    ...unread.map((name) => as(name, 'unread', NEEDED)),
    ...Object.keys(set).map((name) => as(name, 'set', YOURS)),
    ...assumed.map(({ field, value, why }) => as(field, 'assumed', reasonText(why), value)),
    ...(recognised?.told ?? []).map((name) => as(name, 'told', FROM_CONFIG)),
    ...asked.map((name) => as(name, 'asked', ASKED)),
  ];
  // In the family's order whatever is set: a field that moved while it is written in would lose the focus.
  const order = Object.keys({ ...defaults, ...optional });
  return list
    .filter(({ name }, i) => list.findIndex((other) => other.name === name) === i)
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

/** Fields of the family that a form does not list yet, with their titles. */
export function othersThan(listed: readonly Guessed[], id: string): readonly { name: string; title: Text }[] {
  const { defaults, optional } = familyOf(id);
  return Object.keys({ ...defaults, ...optional })
    .filter((name) => !listed.some((guess) => guess.name === name))
    .map((name) => ({
      name,
      title: titleOf(name, id),
    }));
}

/** A value in words: a choice by its title, yes or no, numbers with × between them. */
export function shownValue(value: unknown, field: Field | undefined, lang: Lang): string {
  if (field?.kind === 'choice') {
    const option = field.options.find((o) => o.value === value);
    if (option) return option.title[lang];
  }
  if (typeof value === 'boolean') return lang === 'en' ? (value ? 'yes' : 'no') : value ? '是' : '否';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** What a reader has typed for a field, in the kind that the field has; undefined for what is no value of it. */
export function typedValue(raw: string, example: unknown): Value | undefined {
  const text = raw.trim();
  if (typeof example === 'string') return text === '' ? undefined : text;
  if (typeof example === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (Array.isArray(example)) {
    const list = text.split(/[\s,，、-]+/).map(Number);
    return text !== '' && list.every((n) => Number.isInteger(n) && n > 0) ? list : undefined;
  }
  const n = Number(text);
  return text !== '' && Number.isFinite(n) ? n : undefined;
}
