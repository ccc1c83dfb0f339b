import { mountPopup } from "../ui/popup/popup.ts";

const root = document.getElementById("popup");
if (root !== null) void mountPopup(root);
