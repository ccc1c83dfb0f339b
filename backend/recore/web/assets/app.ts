// The back office's own script: small helpers that pages switch on with data attributes. Every one is in its own file.
import "bootstrap";
import "./htmx.ts";
import { installAnchor } from "./anchor.ts";
import { installAutosave } from "./autosave.ts";
import { installBulk } from "./bulk.ts";
import { installChooses } from "./chooses.ts";
import { installConfirm } from "./confirm.ts";
import { installCopy } from "./copy.ts";
import { installCurrent } from "./current.ts";
import { installIdle } from "./idle.ts";
import { installKeepTyped } from "./keepTyped.ts";
import { installKeyboard } from "./keyboard.ts";
import { installNoneToggle } from "./none.ts";
import { installOptions } from "./options.ts";
import { installPhotos } from "./photos.ts";
import { installPreview } from "./preview.ts";
import { installPrint } from "./print.ts";
import { installProblems } from "./problems.ts";
import { installScanner } from "./scanner.ts";
import { installSendOnce } from "./sendOnce.ts";
import { installShortcuts } from "./shortcuts.ts";
import { installStaffCode } from "./staffCode.ts";
import { installWidth } from "./width.ts";

installScanner(); // before anything hears of a key
installStaffCode(); // first: nothing is asked of a form without a staff code that may send it
installConfirm(); // it may hold a submit back
installAutosave(); // then what waits for the autosave
installSendOnce();
installKeyboard();
installShortcuts();
installIdle();
installBulk();
installAnchor();
installWidth();
installNoneToggle();
installChooses();
installOptions();
installPhotos();
installPreview();
installProblems();
installCopy();
installCurrent();
installPrint();
installKeepTyped(); // last: the others fill in what a page starts with
