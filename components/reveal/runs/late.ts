import { later } from "@/components/vault/ui/later";

// Parts of Reveal that are loaded after the page, when there is an answer: see useReveal. Each has its import here, once: the bundler may make another chunk
// of each further one, and what was loaded ahead would be of no use.

export const RunContent = later(() => import("./RunContent").then(({ RunContent }) => RunContent));

// An answer is worth having without these two.
const Missing = () => null;
export const RunActions = later(() => import("./RunActions").then(({ RunActions }) => RunActions), Missing);
export const RunList = later(() => import("./RunList").then(({ RunList }) => RunList), Missing);
