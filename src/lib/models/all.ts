import { modulesBeside } from '#lib/base/folders.ts';
import { know, type Folder } from './known.ts';

const modules = import.meta.env
  ? import.meta.glob<Folder>('./*/family.ts', { eager: true })
  : await modulesBeside<Folder>(import.meta.url, 'family.ts');

// To import this file is to know every family: the worker, the command line, the building of pages, and the pages that
// list networks do. Other pages know those of their lesson, and of the models they fetch (families.ts).
know(...Object.values(modules).map(({ FAMILY }) => FAMILY));
