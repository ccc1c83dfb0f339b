// A large photo is made smaller in the browser before it is sent: seconds instead of minutes over a phone's network. The
// orientation of the camera is applied, as the server would do. Whatever cannot be decoded or would not get smaller here goes
// as it is; the server decides.

/** `shrinkSide` (pixels), `shrinkBytes`, `shrinkQuality`: see photo_limits.json. */
export async function shrunk(file: File, limits: DOMStringMap): Promise<Blob> {
  const [side, bytes, quality] = [Number(limits["shrinkSide"]), Number(limits["shrinkBytes"]), Number(limits["shrinkQuality"])];
  if (file.type === "image/gif") return file; // only its first frame would be left
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const { width, height } = bitmap;
    const longer = Math.max(width, height);
    if (longer <= side && file.size <= bytes) return file;
    const scale = Math.min(1, side / longer);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const pen = canvas.getContext("2d");
    if (!pen) return file;
    pen.imageSmoothingQuality = "high";
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    // PNG stays PNG, for what is transparent would turn black.
    const type = file.type === "image/png" ? "image/png" : "image/jpeg";
    const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
    return small && small.size < file.size ? small : file;
  } catch {
    return file;
  }
}
