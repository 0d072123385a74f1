import type { Lang } from '#lib/base/lang.ts';
import { pageHref } from '#lib/base/paths.ts';
import type { Inspected } from './view-model.ts';
import type { Walkthrough } from './walkthrough.svelte.ts';

/** The query with which the inspector opens a tensor: `m` model, `t` tensor, `p` patch size, `pic` picture, `at` time, `y` class, `keep` visible patches, `w` texts, `c` what is changed of the configuration, `run` and the like a state of a sampling run. */
export function inspectQuery(tensor: string, { model, patch, picture, ...more }: Inspected): string {
  const query = new URLSearchParams({ m: model, t: tensor });
  if (patch !== undefined) query.set('p', String(patch));
  if (picture) query.set('pic', picture);
  // The link keeps three digits of the time, as the inspector's own does.
  const at = more.time === undefined ? undefined : Math.round(more.time * 1000) / 1000;
  const { run, config = {} } = more;
  const changed = Object.entries(config).map(([field, value]) => `${field}:${value}`);
  const rest = {
    c: changed.length > 0 ? changed.join('~') : undefined,
    keep: more.visible?.join('~'),
    w: more.texts?.join('\n'),
    // The state of a run has its own time.
    at: run ? undefined : at,
    y: more.class,
    seed: more.seed,
    run: run?.sampler,
    rn: run?.steps,
    rk: run?.step,
    rw: run?.guidance,
    reta: run?.eta,
    rclip: run?.clip === undefined ? undefined : Number(run.clip),
    rs: run?.start,
  };
  for (const [field, value] of Object.entries(rest)) if (value !== undefined) query.set(field, String(value));
  return `?${query}`;
}

/** The inspector's page, open at this tensor. */
export function inspectHref(lang: Lang, tensor: string, what: Inspected): string {
  return `${pageHref(lang, 'inspector/')}${inspectQuery(tensor, what)}`;
}

/**
 * What a lesson shows, as far as its declaration says it: its first model, and the fields `p` and `pic` of its state.
 * Undefined for a lesson that runs no model.
 */
export function inspectedBy(walkthrough: Walkthrough): Inspected | undefined {
  const model = walkthrough.lesson.models[0];
  if (model === undefined) return undefined;
  const { p, pic } = walkthrough.state as { readonly p?: unknown; readonly pic?: unknown };
  return {
    model,
    ...(typeof p === 'number' && { patch: p }),
    ...(typeof pic === 'string' && pic && { picture: pic }),
  };
}
