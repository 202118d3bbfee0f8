import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartnerName } from './demo-story.js';

/** What the demo has to remember from one start to the next. */
export interface DemoNotes {
  /** Only when a start of this folder made it: it is shown once, and an interrupted set-up needs it again. */
  readonly operatorKey?: string;
  /** The day it was when the set-up began; all dates of the story hang on it. Absent: nothing was set up. */
  readonly today?: string;
  readonly isComplete?: boolean;
  readonly campaignId?: string;
  /** The gym's till, for requests to try. */
  readonly receptionId?: string;
  readonly keys?: Partial<Record<KeyName, string>>;
}

export const KEY_ROLES = ['admin', 'pos'] as const;
export type KeyName = `${PartnerName} ${(typeof KEY_ROLES)[number]}`;

/**
 * Keeps the keys of the demo beside its data, readable for the owner only. Real keys never lie on a disk; these open
 * nothing but invented companies on a service that listens on this machine.
 */
export class DemoNotebook {
  private notes: DemoNotes;
  readonly file: string;

  constructor(private readonly folder: string) {
    this.file = join(folder, 'demo-keys.json');
    this.notes = read(this.file);
  }

  get current(): DemoNotes {
    return this.notes;
  }

  change(changes: DemoNotes): void {
    this.replace({ ...this.notes, ...changes });
  }

  /** Whole or not at all: a start that is broken off never leaves half a file. */
  replace(notes: DemoNotes): void {
    mkdirSync(this.folder, { recursive: true });
    const draft = `${this.file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(notes, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.file);
    this.notes = notes;
  }
}

function read(file: string): DemoNotes {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DemoNotes;
  } catch {
    // No file, or not ours to understand: the demo then knows nothing, and sets nothing up where partners are.
    return {};
  }
}
