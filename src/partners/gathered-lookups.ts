/** Keys per query; a longer queue is answered in turns. */
const MAX_KEYS = 500;

interface Question<V> {
  readonly key: string;
  readonly resolve: (value: V | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Answers single questions in gathered queries, one at a time: what is asked while a query runs goes into the next. A
 * flood of invented keys therefore takes one database connection, not the whole pool; a lone question does not wait.
 */
export class GatheredLookups<V> {
  private waiting: Question<V>[] = [];
  private isAsking = false;

  constructor(private readonly findAll: (keys: string[]) => Promise<ReadonlyMap<string, V>>) {}

  find(key: string): Promise<V | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject });
      if (!this.isAsking) void this.askUntilDone();
    });
  }

  private async askUntilDone(): Promise<void> {
    this.isAsking = true;
    while (this.waiting.length > 0) await this.ask(this.waiting.splice(0, MAX_KEYS));
    this.isAsking = false;
  }

  private async ask(questions: readonly Question<V>[]): Promise<void> {
    try {
      const found = await this.findAll(questions.map(({ key }) => key));
      for (const { key, resolve } of questions) resolve(found.get(key));
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  }
}
