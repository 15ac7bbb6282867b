"""A service day that was kept on paper: typed in afterwards, with the times on the paper."""
