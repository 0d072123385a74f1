import type { STATIONS } from './state.ts';

export type Station = (typeof STATIONS)[number];

/** The tensor of each tower at a station, the last block's (stations.test.ts holds it to be the last); where the towers meet it is one and the same. */
export const STATION_TENSORS: Readonly<Record<Station, { readonly picture: string; readonly text: string }>> =
  {
    input: { picture: 'visual.x', text: 'text.ids' },
    tokens: { picture: 'visual.tokens', text: 'text.tokens' },
    blocks: {
      picture: 'visual.blocks.11',
      text: 'text.blocks.3',
    },
    pooled: { picture: 'visual.pooled', text: 'text.pooled' },
    proj: { picture: 'visual.proj', text: 'text.text_projection' },
    embedding: { picture: 'visual.embedding', text: 'text.embedding' },
    logits: { picture: 'logits', text: 'logits' },
  };
