// A field whose answer may be "設定しない": ticking [data-none-for="<id>"] empties and locks the field beside it.

export function installNoneToggle(): void {
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.dataset["noneFor"]) followNone(event.target, true);
  });
  document.querySelectorAll<HTMLInputElement>("input[data-none-for]").forEach((box) => followNone(box));
}

export function followNone(box: HTMLInputElement, byHand = false): void {
  const field = document.getElementById(box.dataset["noneFor"] ?? "");
  if (!(field instanceof HTMLInputElement)) return;
  if (box.checked) field.value = "";
  field.disabled = box.checked;
  if (byHand && !box.checked) field.focus();
}
