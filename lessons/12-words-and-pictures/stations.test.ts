import { describe, expect, it } from 'vitest';
import { CONFIG, graphFor } from './model.ts';
import { STATIONS } from './state.ts';
import { STATION_TENSORS } from './stations.ts';

describe('the stations of the two towers', () => {
  const graph = graphFor();
  const order = [...graph.values.keys()];

  it('are tensors of the graph, each tower’s later than the one before', () => {
    for (const tower of ['picture', 'text'] as const) {
      const places = STATIONS.map((station) => order.indexOf(STATION_TENSORS[station][tower]));
      expect(places).not.toContain(-1);
      expect([...places].sort((a, b) => a - b)).toEqual(places);
    }
  });

  it('show the last block of each', () => {
    expect(STATION_TENSORS.blocks.picture).toBe(`visual.blocks.${CONFIG.depth - 1}`);
    expect(STATION_TENSORS.blocks.text).toBe(`text.blocks.${CONFIG.textDepth - 1}`);
  });

  it('end in vectors of one length, and in one number', () => {
    const shape = (name: string) => graph.value(name).shape;
    for (const station of ['proj', 'embedding'] as const)
      expect(shape(STATION_TENSORS[station].picture)).toEqual(shape(STATION_TENSORS[station].text));
    expect(STATION_TENSORS.logits.picture).toBe(STATION_TENSORS.logits.text);
    expect(shape('logits')).toEqual([1, 1]);
  });
});
