import { definePage } from '#lib/notebook/page.ts';
import lesson from './lesson.ts';
import { numbers } from './numbers.ts';
import Stage from './Stage.svelte';
import { CodesViewModel } from './view-model.svelte.ts';

export default definePage({
  lesson,
  stage: Stage,
  viewModel: (walkthrough) => new CodesViewModel(walkthrough),
  numbers,
});
