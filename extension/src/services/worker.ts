/**
 * A task of which one at a time runs. Asked for while it runs, it runs once more afterwards: what was asked for may
 * have come too late for the present round.
 */
export function inOneFlight(task: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  async function rounds(): Promise<void> {
    running = true;
    try {
      do {
        again = false;
        await task();
      } while (again);
    } finally {
      running = false;
    }
  }
  return () => {
    if (running) again = true;
    else void rounds();
  };
}
