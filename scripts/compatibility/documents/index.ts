import { applied } from './applied.ts';
import { bestchatbot } from './bestchatbot.ts';
import { hilal } from './hilal.ts';
import { widgent } from './widgent.ts';
import { wonderchat } from './wonderchat.ts';
import type { CompatibleDocument } from './behaviour.ts';

export type { Behaviour, CompatibleDocument } from './behaviour.ts';

export const documents: readonly CompatibleDocument[] = [applied, bestchatbot, hilal, widgent, wonderchat];
