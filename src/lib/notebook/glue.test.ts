import { expect, it } from 'vitest';
import { glue } from '../../../plugins/glue.js';

it('ties a term or a citation to the punctuation behind it, and leaves everything else', () => {
  expect(glue('as <Cite id="a" /> <Cite id="b" />. Then')).toBe(
    'as <Cite id="a" /> <span class="glued"><Cite id="b" />.</span> Then',
  );
  expect(glue('这就是<Term id="block">块</Term>，也就是')).toBe(
    '这就是<span class="glued"><Term id="block">块</Term>，</span>也就是',
  );
  expect(glue('around <Formula tex={\'x\'} display={false} text="x" />. It')).toBe(
    'around <span class="glued"><Formula tex={\'x\'} display={false} text="x" />.</span> It',
  );
  expect(glue('<Formula tex={\'x\'} text="x" />.')).toBe('<Formula tex={\'x\'} text="x" />.');
  const plain = '<Term id="block">块</Term>（block）里 <Num of="T" />, <Cite id="a" /> and';
  expect(glue(plain)).toBe(plain);
});
