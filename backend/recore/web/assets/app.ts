// The back office's own script: small helpers that pages switch on with data attributes. Every one is in its own file.
import "bootstrap";
import "./htmx.ts";
import { installAutosave } from "./autosave.ts";
import { installBulk } from "./bulk.ts";
import { installCategoryPicker } from "./category.ts";
import { installChooses } from "./chooses.ts";
import { installConfirm } from "./confirm.ts";
import { installCopy } from "./copy.ts";
import { installKeyboard } from "./keyboard.ts";
import { installNoneToggle } from "./none.ts";
import { installPhotos } from "./photos.ts";
import { installPrint } from "./print.ts";
import { installSendOnce } from "./sendOnce.ts";
import { installStaffCode } from "./staffCode.ts";
import { installWidth } from "./width.ts";

installStaffCode(); // first: nothing is asked of a form without a staff code that may send it
installConfirm(); // it may hold a submit back
installAutosave(); // then what waits for the autosave
installSendOnce();
installKeyboard();
installBulk();
installWidth();
installNoneToggle();
installChooses();
installCategoryPicker();
installPhotos();
installCopy();
installPrint();
