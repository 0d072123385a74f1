import { rest } from '#lib/figures/draw/work.ts';
import { wholeOf } from '#lib/graph/index.ts';
import { graphOf, type Blueprint } from '#lib/models/registry.ts';
import { drawingOf } from './layout.ts';
import { descriptionOf, firstOpen, outlineOf } from './lookup.ts';
import { pathTo, treeOf } from './tree.ts';

/**
 * Works out what the panes need of a model before they are given it, in turns of their own: its outline, its costs and the
 * layout of its drawing. All of these are kept for whoever asks next; together with what is then put on the page they
 * took its thread for longer than it may be taken.
 * @param wished the tensor that is open now and stays so where the model has one of its name
 */
export async function readAhead(of: Blueprint, wished: string): Promise<void> {
  const graph = graphOf(of);
  await rest();
  descriptionOf(graph);
  await rest();
  const read = outlineOf(graph);
  const name = graph.values.has(wholeOf(wished)) ? wholeOf(wished) : firstOpen(graph);
  const unfolded = pathTo(treeOf(read), name).flatMap((id) => (id.startsWith('b:') ? [id.slice(2)] : []));
  await rest();
  drawingOf(read, new Set(unfolded));
  await rest();
}
