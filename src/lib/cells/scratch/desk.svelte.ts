import { keep, recall } from '#lib/base/storage.ts';
import type { Text } from '#lib/base/lang.ts';
import { KeepError, Shelf, type Kept } from '../keep/shelf.ts';
import type { Book } from '../page/book.svelte.ts';
import { openLink } from '../share/link.ts';
import type { Notebook } from '../share/notebook.ts';
import { SAYS } from './says.ts';

/** Milliseconds from the last change to its being kept. */
const PAUSE_MS = 700;
const OPENED = 'notebook';

/** Where the notebook on the desk came from; what did not come from here runs only once the reader says so. */
export type Origin = 'first' | 'own' | 'link' | 'file';

/** The notebook that is open on the page, and those that this browser keeps. Everything public is reactive. */
export class Desk {
  readonly #book: Book;
  readonly #shelf: Shelf;
  title = $state('');
  origin = $state<Origin>('first');
  kept = $state.raw<readonly Kept[]>([]);
  /** Something to be told: what went wrong, what was done instead. */
  note = $state.raw<Text>();
  saving = $state<'no' | 'soon' | 'kept' | 'failed'>('no');
  /** The one that was deleted last, and can be put back. */
  deleted = $state.raw<Kept>();
  /** Which of the kept ones is open. */
  #at = $state.raw<Pick<Kept, 'id' | 'revision'>>();
  #last = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #copyTitle: (title: string) => string;

  /** Make it while a component is made. */
  constructor(book: Book, copyTitle: (title: string) => string, shelf = new Shelf()) {
    this.#book = book;
    this.#shelf = shelf;
    this.#copyTitle = copyTitle;
    this.#last = JSON.stringify(this.notebook);
    $effect(() => {
      const now = JSON.stringify(this.notebook);
      if (now !== this.#last) this.#changed(now);
    });
    $effect(() => () => this.#flush());
  }

  get notebook(): Notebook {
    return { title: this.title, cells: this.#book.cells.map(({ code }) => code) };
  }
  get openId(): string | undefined {
    return this.#at?.id;
  }

  /** At the beginning of a visit: the link's notebook, else the one that was open last, else `first`, or that where it is `wanted`. */
  async begin(hash: string, first: Notebook, wanted = false): Promise<void> {
    await this.#try(() => this.#shelf.sweep());
    await this.#relist();
    const opened = await openLink(hash);
    if (opened.is === 'notebook') return this.#put(opened.notebook, 'link', undefined);
    if (opened.is === 'newer') this.note = SAYS.newer(opened.version);
    if (opened.is === 'broken') this.note = SAYS.broken;
    const last = recall(OPENED);
    const kept = this.kept.find(({ id }) => id === last);
    const { note } = this;
    if (kept && !wanted) this.#put(kept, 'own', kept);
    else this.#put(first, 'first', undefined);
    this.note = note;
  }
  /** Another notebook: the first again, an empty one. */
  fresh(notebook: Notebook, origin: Origin = 'own'): void {
    this.#flush();
    this.#put(notebook, origin, undefined);
  }
  async open(id: string): Promise<void> {
    this.#flush();
    const kept = await this.#try(() => this.#shelf.get(id));
    if (kept) this.#put(kept, 'own', kept);
  }
  /** A file of the reader's or of somebody else's: nobody can tell, so it does not run before the reader says so. */
  async take(file: File): Promise<void> {
    if (file.size > 5e6) return void (this.note = SAYS.largeFile(file.name));
    const files = await import('../share/files.ts').catch(() => undefined);
    if (!files) return void (this.note = SAYS.unfetched);
    const found = files.fromFile(await file.text());
    if (!found) return void (this.note = SAYS.noNotebook(file.name));
    this.#flush();
    this.#put(found.notebook, 'file', undefined);
    if (found.cut) this.note = SAYS.cut(file.name, found.notebook.cells.length);
  }
  /** The reader has read the code and lets it run. */
  trust(): void {
    this.#book.run();
  }

  async duplicate(): Promise<void> {
    await this.#save();
    this.#put({ ...this.notebook, title: this.#copyTitle(this.title) }, 'own', undefined);
    await this.#save();
  }
  async remove(of: Kept): Promise<void> {
    await this.#try(() => this.#shelf.remove(of.id));
    this.deleted = of;
    if (this.#at?.id === of.id) this.#at = undefined;
    await this.#relist();
  }
  async putBack(): Promise<void> {
    const of = this.deleted;
    if (!of) return;
    await this.#try(() => this.#shelf.restore(of.id));
    this.deleted = undefined;
    await this.#relist();
    await this.open(of.id);
  }

  #put(notebook: Notebook, origin: Origin, at: Pick<Kept, 'id' | 'revision'> | undefined): void {
    const trusted = origin === 'own' || origin === 'first';
    this.note = undefined;
    this.title = notebook.title;
    this.origin = origin;
    this.#at = at && { id: at.id, revision: at.revision };
    this.#book.replace(notebook.cells, trusted);
    this.#last = JSON.stringify(this.notebook);
    this.saving = at ? 'kept' : 'no';
    if (at) keep(OPENED, at.id);
    if (trusted) this.#book.run();
  }
  #changed(now: string): void {
    this.#last = now;
    this.saving = 'soon';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), PAUSE_MS);
  }
  /** Keeps at once what waits to be kept. */
  #flush(): void {
    if (this.saving === 'soon') void this.#save();
  }
  async #save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const at = this.#at;
    const saved = await this.#try(() => this.#shelf.put(this.notebook, at, this.#copyTitle));
    if (!saved) return void (this.saving = 'failed');
    // Meanwhile another one may have been opened.
    if (this.#at?.id !== at?.id) return;
    const { kept, copied } = saved;
    this.#at = { id: kept.id, revision: kept.revision };
    this.title = kept.title;
    this.#last = JSON.stringify({ ...this.notebook, title: kept.title });
    keep(OPENED, kept.id);
    this.saving = this.#timer === undefined ? 'kept' : 'soon';
    if (copied) this.note = SAYS.otherWindow(kept.title);
    await this.#relist();
  }
  async #relist(): Promise<void> {
    this.kept = (await this.#try(() => this.#shelf.list())) ?? this.kept;
  }
  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.note = error instanceof KeepError && error.why === 'full' ? SAYS.full : SAYS.noStore;
      return undefined;
    }
  }
}
