"""On a machine that others share, a round in which they took its processors measures them: it is played again.

Which rounds count is decided by the time that was taken (Linux: "steal" of /proc/stat), never by what they measured.
"""

from pathlib import Path

TAKEN_MAX = 0.05  # of the time in which a processor had something to do
ROUNDS_FACTOR_MAX = 5  # how many times as many rounds as were asked for are played at most


def processor_ticks(stat=Path("/proc/stat")):
    """(taken by others, wanted by us) since the machine started; (0, 0) where that is not told."""
    try:
        user, nice, system, _, _, irq, softirq, steal = map(int, stat.read_text(encoding="ascii").split()[1:9])
    except (OSError, ValueError):
        return 0, 0
    return steal, user + nice + system + irq + softirq + steal


class Watch:
    """What others take of the machine from now on."""

    def __init__(self, ticks=processor_ticks):
        self._ticks = ticks
        self._begin = ticks()

    def taken(self):
        """The share, 0 to 1."""
        taken, wanted = (now - then for now, then in zip(self._ticks(), self._begin))
        return taken / wanted if wanted > 0 else 0.0


class Rounds:
    """The rounds of one section of the report."""

    def __init__(self, ticks=processor_ticks):
        self._ticks = ticks
        self.repeated = 0
        self.taken_max = 0.0  # in a round that counts

    def play(self, play, count):
        """What the `count` quietest calls of `play` returned, in their order; stops when so many were quiet."""
        played = []
        while len(played) < count * ROUNDS_FACTOR_MAX:
            watch = Watch(self._ticks)
            result = play()
            played.append((watch.taken(), len(played), result))
            if sum(taken <= TAKEN_MAX for taken, _, _ in played) == count:
                break
        self.repeated += len(played) - count
        kept = sorted(played, key=lambda one: one[:2])[:count]
        self.taken_max = max(self.taken_max, *(taken for taken, _, _ in kept))
        return [result for _, _, result in sorted(kept, key=lambda one: one[1])]

    def note(self):
        """For the report; "" when nothing was disturbed."""
        if not self.repeated:
            return ""
        rounds = "1 round was" if self.repeated == 1 else f"{self.repeated} rounds were"
        note = f"{rounds} played again, since others took this machine's processors meanwhile"
        if self.taken_max > TAKEN_MAX:
            note += f"; of those that count, up to {self.taken_max:.0%} of the time: not to be relied on"
        return note
