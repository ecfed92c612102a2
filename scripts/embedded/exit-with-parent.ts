// Preloaded into Next, whose process group it leads. A launcher that is killed outright cannot stop it, but
// the IPC channel between them closes then: end the whole group. Next may hand the preload on to processes
// of its own, which have other channels; they no longer find the variable.
if (process.env.EXIT_WITH_PARENT === "1") {
  delete process.env.EXIT_WITH_PARENT;
  process.once("disconnect", () => {
    if (process.platform !== "win32") process.kill(-process.pid, "SIGKILL");
    process.exit(1);
  });
  process.channel?.unref();
}
