/** The worker that trains the network of the plane. It only joins the parts. */
import { serveTraining } from '#lib/learning/serve.ts';
import { TOY } from './trained.ts';

serveTraining(TOY);
