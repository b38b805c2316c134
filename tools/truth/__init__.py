"""`make truth`: every script that comes with the lab, played in virtual time, and every verdict compared.

What is true is told by `netwatch.lab.world.truth`; what is said, by netwatch's own engines and judgement. Here
is defined what counts as right. Of each unit, at every whole second from the beginning (*unit-seconds*):

- **False up**: *up* is said, and the unit was not up at any moment of the last `TO_DOWN` = 7.5 s.
- **False down**: *down* is said, and the unit was not down at any moment of the last `TO_UP` = 5 s.
- **Needlessly unknown**: *unknown* is said, and throughout the last 5 s (7.5 s where the unit is down) an echo
  could have told how the unit is.

An *up* stays right while the unit is up, and a *down* while it is down, also where nobody could see it;
*unknown* is right wherever the truth is not observable. Before the beginning nothing was observable. A state
that is over before it has to be noticed need not be: a *down* of less than 7.5 s, an *up* of less than 5 s.

- **Delay**: from when the unit could first be seen to be down (or up) until that is said, of every stretch
  that lasts as long as the delay may. One that is never noticed is *missed*.
- **Misdated**: *down* (or *up*) is dated back to more than `DATING` = 1 s from when it began: where that was
  not observable, the date lies between then and 1 s after it could first be seen.
- **Minute wrong**: a settled verdict that does not follow from the truth: of the minute's seconds, 80 % have
  to be observable, and of those half or more down make it *down*, else it is *up*; else *unknown*. Where moving
  `EDGE` = 3 s of the minute from one kind to another changes that, either verdict is right. So it is in a
  minute before the unit was first seen.
- **Outage wrong**: one that is *missed* (down and observable for `outage_after` and 2 s more, and no settled
  outage), *false* (a settled outage where the truth has none, or one that was down for 2 s less than that), or
  *misdated* by more than 1 s. A beginning or an end that was not observable may lie anywhere from then to where
  sight returned, or was lost, give or take `SIGHT` = 2.5 s.
- **Cause**: *right* where it is that of the truth, its root included; *undetermined* is *allowed* where the
  script gives no sign of the true cause, and *not allowed* elsewhere; all else is *wrong*.
"""
