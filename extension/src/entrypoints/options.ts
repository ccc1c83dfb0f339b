import { mountOptions } from "../ui/options/options.ts";

const root = document.getElementById("options");
if (root !== null) void mountOptions(root);
