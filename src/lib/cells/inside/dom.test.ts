import * as Plot from '@observablehq/plot';
import { select } from 'd3-selection';
import { describe, expect, test } from 'vitest';
import { LightDocument } from './dom.ts';
import { html, markupOf, svg } from './markup.ts';

const light = new LightDocument();
const document = light as unknown as Document;

describe('a document that says itself as text', () => {
  test('Plot draws bars, lines, text, legends and pixels on it', () => {
    const chart = String(
      Plot.plot({
        document,
        title: 'a < b',
        color: { legend: true, type: 'linear' },
        marks: [
          Plot.barY([1, 2, 3], { fill: (d) => d }),
          Plot.lineY([1, 3, 2]),
          Plot.text(['<script>'], { x: 0, y: 0 }),
          Plot.raster([0, 1, 2, 3], { width: 2, height: 2 }),
          Plot.ruleY([0]),
        ],
      }),
    );
    expect(chart).toMatch(/^<figure class="plot-[^>]*><h2>a &#60; b<\/h2>/);
    expect(chart.match(/<rect /g)?.length).toBeGreaterThanOrEqual(3);
    expect(chart).toContain('&#60;script&#62;');
    expect(chart).not.toContain('<script');
    expect(chart).toMatch(/href="data:image\/png;base64,iVBOR/);
  });

  test('D3 selects, joins and sets attributes', () => {
    const list = select(light.createElement('svg') as unknown as SVGElement);
    list
      .selectAll('circle')
      .data([1, 2])
      .join('circle')
      .attr('r', (d) => d)
      .style('fill', 'red');
    expect(String(list.node())).toContain('<circle r="2" style="fill: red"></circle>');
  });

  test('templates escape what is put in, and take markup and lists', () => {
    const inner = html`<i>${'<x>'}</i>`;
    expect(html`<b title="${'"'}">${inner}${[1, 2]}${null}</b>`.text).toBe(
      '<b title="&#34;"><i>&#60;x&#62;</i>12</b>',
    );
    expect(svg`<g>${light.createElementNS('http://www.w3.org/2000/svg', 'path')}</g>`.text).toBe(
      '<g><path></path></g>',
    );
    expect(() => html`<b onclick="${() => 1}"></b>`).toThrow(/no functions/);
    expect(markupOf(3)).toBeUndefined();
    expect(markupOf(light.createElement('p'))).toMatchObject({ kind: 'html', text: '<p></p>' });
  });
});
