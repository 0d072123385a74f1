import { PICTURE, TOKENS } from '#lib/models/clip/graph.ts';
import { Became } from '#lib/notebook/painting/became.svelte.ts';
import { TEXT_CONFIG } from './model.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/** The embedding that says what a picture looks like. */
export const SEEN = 'visual.embedding';

/** What the painting on show became, as CLIP sees it. Make it while a panel is made. */
export const becameOf = (vm: LatentsViewModel): Became =>
  new Became({
    live: vm.text,
    names: { picture: PICTURE, tokens: TOKENS, seen: SEEN, read: 'text.embedding' },
    width: TEXT_CONFIG.embed,
    get picture() {
      return vm.painted;
    },
    get ids() {
      return vm.ids;
    },
    get words() {
      return vm.state.word;
    },
    get step() {
      return vm.step;
    },
    shows: (step) => vm.run.steps.some((one) => one === step),
  });
