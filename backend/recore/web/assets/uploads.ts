// The photos on their way to the server: one request and one line per file, with its progress and its own answer. They go one
// after the other, so that they keep the order in which they were chosen; one that failed can be sent again.
import { csrfToken, readProblem, renewToken, type Problem } from "./csrf.ts";
import { shrunk } from "./shrink.ts";

interface Upload {
  file: File;
  row: HTMLElement;
  /** Those that were chosen together, in their order. */
  together: Upload[];
  id?: number;
}

export class Uploads {
  private queue: Promise<void> = Promise.resolve();
  private waiting = 0;

  /** `added(id, before)`: a photo has arrived; `before` came earlier although it was chosen later. */
  constructor(
    private readonly area: HTMLElement,
    private readonly added: (id: number, before: number | undefined) => Promise<void>,
  ) {
    window.addEventListener("beforeunload", (event) => {
      if (this.areRunning) event.preventDefault();
    });
  }

  get areRunning(): boolean {
    return this.waiting > 0;
  }

  add(files: File[]): void {
    const together: Upload[] = [];
    for (const file of files) together.push({ file, row: this.row(file), together });
    for (const upload of together) this.enqueue(upload);
  }

  private enqueue(upload: Upload): void {
    this.waiting += 1;
    this.queue = this.queue.then(async () => {
      try {
        await this.run(upload);
      } finally {
        this.waiting -= 1;
      }
    });
  }

  private async run(upload: Upload): Promise<void> {
    const { file } = upload;
    const mostBytes = Number(this.area.dataset["maxBytes"]);
    if (!file.type.startsWith("image/") && !/\.(heic|heif)$/i.test(file.name)) {
      this.say(upload, "写真ではないファイルです。追加しませんでした。", "text-danger");
      return;
    }
    this.wait(upload);
    const picture = await shrunk(file, this.area.dataset);
    if (picture.size > mostBytes) {
      this.say(upload, `大きすぎます（上限 ${Math.floor(mostBytes / 1_000_000)}MB）。縮小してから選んでください。`, "text-danger");
      return;
    }
    const { id, problem } = await this.send(upload, picture);
    if (problem?.code === "SAME_PHOTO") this.say(upload, problem.message + problem.remedy, "text-warning-emphasis");
    else if (problem) this.failed(upload, problem);
    if (id === undefined) return;
    upload.row.remove();
    upload.id = id;
    const later = upload.together.slice(upload.together.indexOf(upload) + 1);
    await this.added(id, later.find((each) => each.id !== undefined)?.id);
  }

  private async send(upload: Upload, picture: Blob): Promise<{ id?: number; problem?: Problem }> {
    const first = await this.request(upload, picture);
    return first.problem?.code === "CSRF" && (await renewToken()) ? this.request(upload, picture) : first;
  }

  private request(upload: Upload, picture: Blob): Promise<{ id?: number; problem?: Problem }> {
    const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
    const body = new FormData();
    body.append("photo", picture, upload.file.name);
    return new Promise((resolve) => {
      request.upload.addEventListener("progress", (event) => {
        const bar = upload.row.querySelector("progress");
        if (bar && event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
      });
      request.addEventListener("loadend", () => {
        if (request.status === 200) resolve(JSON.parse(request.responseText) as { id: number });
        else if (request.status > 0) resolve({ problem: readProblem(request.status, request.responseText) });
        else resolve({ problem: { status: 0, code: "NETWORK", message: "サーバーにつながりません。", remedy: "ネットワークを確かめてください。" } });
      });
      request.open("POST", this.area.dataset["upload"] ?? "");
      request.setRequestHeader("X-CSRFToken", csrfToken());
      request.setRequestHeader("Accept", "application/json");
      request.timeout = 120_000;
      request.send(body);
    });
  }

  // --- the lines ---

  private row(file: File): HTMLElement {
    const row = document.createElement("li");
    row.dataset["testid"] = "upload";
    row.append(text(file.name, "file small"), text("順番を待っています", "small text-body-secondary"));
    this.area.querySelector("[data-upload-list]")?.append(row);
    return row;
  }

  private wait({ file, row }: Upload): void {
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `${file.name}のアップロード`);
    row.replaceChildren(text(file.name, "file small"), bar);
  }

  /** Final: there is nothing to try again. */
  private say({ file, row }: Upload, message: string, tone: string): void {
    row.dataset["testid"] = "upload-refused";
    row.replaceChildren(text(`${file.name}：${message}`, `small ${tone}`), this.button("閉じる", () => row.remove()));
  }

  private failed(upload: Upload, problem: Problem): void {
    const { file, row } = upload;
    row.dataset["testid"] = "upload-failed";
    const words = text(`${file.name}：${problem.message}${problem.remedy}`, "small text-danger");
    words.role = "alert";
    const again = this.button("もう一度", () => {
      row.dataset["testid"] = "upload";
      this.wait(upload);
      this.enqueue(upload);
    });
    again.dataset["testid"] = "upload-again";
    row.replaceChildren(words, again, this.button("やめる", () => row.remove()));
  }

  private button(words: string, act: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-secondary text-nowrap";
    button.textContent = words;
    button.addEventListener("click", act);
    return button;
  }
}

function text(words: string, className: string): HTMLElement {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = words;
  return span;
}
