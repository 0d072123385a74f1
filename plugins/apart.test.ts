import { compile } from 'svelte/compiler';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { wordsApart } from './apart.ts';

const SOURCE = `<script>
  import Box from './Box.svelte';
  import Exercise from './Exercise.svelte';
  import Num from './Num.svelte';
  import Outcome from './Outcome.svelte';
  import Step from './Step.svelte';
  let open = true;
</script>
<Step id="a"><p>first <Num of="n" /> words</p>
  <Box kind="try"><p>to try</p><Outcome><p>what was seen</p></Outcome></Box>
  {#if open}<p>perhaps</p>{/if}
  <Exercise><p>asked later</p></Exercise>
  {#snippet other()}<p>elsewhere</p>{/snippet}
</Step>
<Step id="b"><p>last</p></Step>`;

function apart(source: string) {
  const { code } = compile(source, { generate: 'client', filename: 'en.svelte', dev: false }).js;
  return { code, found: wordsApart(code, parseAst(code), 'virtual:words') };
}

describe('the words of compiled prose', () => {
  const { code, found } = apart(SOURCE);

  it('are taken out where they stand in the page from the start', () => {
    const texts = found?.texts.join('\n') ?? '';
    for (const words of ['<p>first', 'to try', 'what was seen', '<p>last']) {
      expect(code).toContain(words);
      expect(texts).toContain(words);
      expect(found?.code).not.toContain(words);
    }
  });

  it('stay where a paragraph is made later', () => {
    for (const words of ['perhaps', 'asked later', 'elsewhere']) {
      expect(found?.texts.join('\n')).not.toContain(words);
      expect(found?.code).toContain(words);
    }
  });

  it('leave a module that gives them by the same numbers', () => {
    const taken = [...(found?.code.matchAll(/\$\$apart\.take\((\d+), \d+\)/g) ?? [])].map(([, i]) =>
      Number(i),
    );
    expect(taken.toSorted((a, b) => a - b)).toEqual(found?.texts.map((_, i) => i));
    expect(() => parseAst(found?.code ?? '')).not.toThrow();
    expect(found?.code).toContain('export const words');
  });

  it('are left alone where there are none to take', () => {
    expect(apart('{#if 1 > 0}<p>perhaps</p>{/if}').found).toBeUndefined();
  });
});
