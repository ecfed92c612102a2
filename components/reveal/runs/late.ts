// Parts of Reveal that are loaded after the page. Each has its import here, once: the bundler may make another chunk
// of each further one, and what was loaded ahead would be of no use.

export const loadRunContent = () => import("./RunContent").then(({ RunContent }) => RunContent);

// An answer is worth having without these two.
export const loadRunActions = () =>
  import("./RunActions").then(({ RunActions }) => RunActions).catch(() => Nothing);
export const loadRunList = () => import("./RunList").then(({ RunList }) => RunList).catch(() => Nothing);

const Nothing = () => null;
