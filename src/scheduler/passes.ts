// The passes that a tuning table asks for by its numbers, in a module of their own: loaded with a table that does.
import "./fuse_head.ts";
import "./fuse_update.ts";
import "./gather_ahead.ts";
